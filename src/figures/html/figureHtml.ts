import { scriptJson } from "../../display/index.js";
import { type Figure, largestSvg } from "../figure.js";
import { libraryScript } from "./library.js";

/**
 * A figure as an HTML fragment: its static image, and a script that puts the interactive figure in its place as soon
 * as the plotly library is on the page. Nothing is fetched.
 */
export async function figureHtml(figure: Figure, withLibrary: boolean): Promise<string> {
  const { data, layout } = figure.spec;
  const svg = await figure.toSvg();
  const image =
    svg.length > largestSvg ? await pngImage(figure) : svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ');
  const library = withLibrary ? `${await libraryScript()}\n` : "";
  return (
    `${library}<div data-kontrast-figure="${figure.id}" style="width:${layout.width}px;max-width:100%;overflow-x:auto">` +
    `<div class="kontrast-static">${image}</div></div>\n` +
    `<script>(${upgrade})("${figure.id}",${scriptJson({ data, layout })});</script>`
  );
}

async function pngImage(figure: Figure): Promise<string> {
  const { width, height } = figure.spec.layout;
  const base64 = (await figure.toPng()).toString("base64");
  return `<img alt="" width="${width}" height="${height}" style="max-width:100%;height:auto" src="data:image/png;base64,${base64}">`;
}

/**
 * Runs in the browser. Front ends may run it before its element is in the document (JupyterLab), before the library is
 * there, or twice; one notebook may show the same figure at several places.
 */
const upgrade = `function(id,spec){
var tries=0;
function attempt(){
if(!window.Plotly)return;
var found=document.querySelectorAll('[data-kontrast-figure="'+id+'"]');
if(!found.length&&tries++<100)setTimeout(attempt,100);
Array.prototype.forEach.call(found,function(box){
var image=box.querySelector(".kontrast-static");
if(!image||box.querySelector(".kontrast-live"))return;
var live=document.createElement("div");
live.className="kontrast-live";
box.appendChild(live);
var copy=JSON.parse(JSON.stringify(spec));
window.Plotly.newPlot(live,copy.data,copy.layout,{displaylogo:false}).then(function(){image.remove();},
function(error){live.remove();console.error("kontrast: cannot draw the interactive figure",error);});
});
}
document.addEventListener("kontrast-library",attempt);
attempt();
}`;
