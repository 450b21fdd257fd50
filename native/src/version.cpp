#include "version.h"

#include <ATen/Version.h>
#include <torch/version.h>

#include <stdexcept>
#include <string>

namespace kontrast {
namespace {

/// What the loaded library says of itself, such as 2.6.0; empty when it was built without saying.
std::string loaded_version() {
  const std::string settings = at::show_config();
  const std::string key = "TORCH_VERSION=";
  const size_t start = settings.find(key);
  if (start == std::string::npos) return "";
  const size_t first = start + key.size();
  return settings.substr(first, settings.find_first_of(", \n", first) - first);
}

/// 1.13 of 1.13.1+cpu.
std::string release_of(const std::string& version) {
  const size_t dot = version.find('.');
  return version.substr(0, version.find_first_not_of("0123456789", dot + 1));
}

} // namespace

void require_same_libtorch() {
  const std::string built = TORCH_VERSION;
  const std::string loaded = loaded_version();
  if (loaded.empty() || release_of(loaded) == release_of(built)) return;
  throw std::runtime_error("built against libtorch " + built + ", but libtorch " + loaded + " was loaded");
}

} // namespace kontrast
