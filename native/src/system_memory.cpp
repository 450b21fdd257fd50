#include "system_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace kontrast {
namespace {

constexpr int64_t unknown = std::numeric_limits<int64_t>::max();

/// The number after `key` in lines such as `MemAvailable:   1024 kB`.
int64_t entry(const std::string& file, const std::string& key, int64_t missing) {
  std::ifstream lines(file);
  std::string word;
  int64_t value = 0;
  while (lines >> word) {
    if (word == key && lines >> value) return value;
    lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return missing;
}

/// The whole content as a number, such as that of memory.current; `max` is unknown.
int64_t number_in(const std::string& file) {
  std::ifstream content(file);
  int64_t value = 0;
  return content >> value ? value : unknown;
}

/// The folders of the control groups around this process that have a limit; fixed for its life in practice.
const std::vector<std::string>& limited_groups() {
  static const std::vector<std::string> found = [] {
    std::vector<std::string> folders;
    std::ifstream lines("/proc/self/cgroup");
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("0::", 0) != 0) continue;
      for (std::string path = line.substr(3);; path.erase(path.find_last_of('/'))) {
        const std::string folder = "/sys/fs/cgroup" + path;
        if (number_in(folder + "/memory.max") != unknown) folders.push_back(folder);
        if (path.empty() || path.find('/') == std::string::npos) break;
      }
    }
    return folders;
  }();
  return found;
}

} // namespace

int64_t available_memory() {
  const int64_t kilobytes = entry("/proc/meminfo", "MemAvailable:", unknown);
  int64_t available = kilobytes == unknown ? unknown : (kilobytes + entry("/proc/meminfo", "SwapFree:", 0)) * 1024;
  for (const std::string& folder : limited_groups()) {
    const int64_t limit = number_in(folder + "/memory.max");
    const int64_t current = number_in(folder + "/memory.current");
    if (limit == unknown || current == unknown) continue;
    const int64_t files = entry(folder + "/memory.stat", "inactive_file", 0); // are dropped before anything fails
    available = std::min(available, limit - current + files);
  }
  return available;
}

} // namespace kontrast
