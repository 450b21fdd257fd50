// Finds the libjpeg-turbo that native/build/jpeg.node is built with.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Other libjpegs have other pixels than libjpeg-turbo, whose arithmetic all our decoders share. */
const program = `#include <cstdio>
#include <jpeglib.h>
#ifndef LIBJPEG_TURBO_VERSION_NUMBER
#error not libjpeg-turbo
#endif
int main() {
  jpeg_decompress_struct info{};
  jpeg_error_mgr manager;
  info.err = jpeg_std_error(&manager);
  jpeg_create_decompress(&info); // ends the program for a library that is not the one of the headers
  std::printf("%d.%d", LIBJPEG_TURBO_VERSION_NUMBER, JPEG_LIB_VERSION);
}`;

/**
 * The version of libjpeg-turbo, such as "2001005.62", if the compiler finds its headers and its library by itself or through
 * CPATH and LIBRARY_PATH, and they fit together.
 *
 * @param options.env default: the process's environment
 * @returns {string} "": there is none
 */
export function findJpegTurbo({ env = process.env } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "kontrast-jpeg-"));
  try {
    const probe = join(folder, "probe");
    const compiled = spawnSync("c++", ["-x", "c++", "-", "-ljpeg", "-o", probe], { env, input: program });
    if (compiled.status !== 0) return "";
    const { status, stdout } = spawnSync(probe, { env, encoding: "utf8" });
    return status === 0 ? stdout : "";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
