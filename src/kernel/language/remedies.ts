/**
 * What the compiler advises, as it can be done in a notebook: there is no option `lib` to change, since the types are those
 * of what the running Node has, and a package that is missing can be installed from a cell.
 */
export function withRemedy(code: number, message: string): string {
  if (code === cannotFindModule) {
    const [, name] = /^Cannot find module '((?:@[^'/]+\/)?[^'./:][^'/:]*)(?:\/[^']*)?'/.exec(message) ?? [];
    return name === undefined ? message : `${message}\nIf it is a package, this brings it: %install ${name}`;
  }
  return message.replace(/ Do you need to change your target library\? .*/, ` Node ${process.versions.node} lacks it.`);
}

const cannotFindModule = 2307;
