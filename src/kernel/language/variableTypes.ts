import { importedNames } from "./declaredNames.js";
import { plainTypeNames } from "./typeNames.js";
import type { TypeScript, ts } from "./typescript.js";

/** Types of what cells have declared as values, by name, as their carried declarations say. */
export function variableTypes(typescript: TypeScript, declarations: string): Record<string, string> {
  const file = typescript.createSourceFile("declarations.d.ts", declarations, typescript.ScriptTarget.Latest);
  const types: Record<string, string> = {};
  for (const statement of file.statements) {
    for (const [name, type] of declared(typescript, file, statement))
      types[name] = plainTypeNames(type.replace(/\s+/g, " "));
  }
  return types;
}

function declared(
  typescript: TypeScript,
  file: ts.SourceFile,
  statement: ts.Statement,
): [name: string, type: string][] {
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name, type, initializer }) => {
      return [name.getText(file), (type ?? initializer)?.getText(file) ?? "any"];
    });
  }
  if (typescript.isFunctionDeclaration(statement) && statement.name) {
    const { name, typeParameters, parameters, type } = statement;
    const generic = typeParameters ? `<${typeParameters.map((one) => one.getText(file)).join(", ")}>` : "";
    const given = parameters.map((one) => one.getText(file)).join(", ");
    return [[name.text, `${generic}(${given}) => ${type?.getText(file) ?? "any"}`]];
  }
  if (typescript.isClassDeclaration(statement) && statement.name) return [[statement.name.text, "class"]];
  if (typescript.isEnumDeclaration(statement)) return [[statement.name.text, "enum"]];
  if (typescript.isImportDeclaration(statement)) {
    const from = `from ${statement.moduleSpecifier.getText(file)}`;
    return importedNames(typescript, statement).map((name) => [name, from]);
  }
  return [];
}
