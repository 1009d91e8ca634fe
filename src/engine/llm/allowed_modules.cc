#include "engine/llm/allowed_modules.h"

#include <algorithm>
#include <array>

namespace testgen::llm {
namespace {

constexpr std::array kComputes = std::to_array<std::string_view>(
    {"abc",         "argparse",    "array",       "ast",         "asyncio",   "base64",
     "binascii",    "bisect",      "bz2",         "calendar",    "cmath",     "codecs",
     "collections", "colorsys",    "contextlib",  "contextvars", "copy",      "copyreg",
     "csv",         "dataclasses", "datetime",    "decimal",     "difflib",   "email",
     "encodings",   "enum",        "errno",       "fnmatch",     "fractions", "functools",
     "gc",          "getopt",      "glob",        "graphlib",    "gzip",      "hashlib",
     "heapq",       "hmac",        "html",        "importlib",   "inspect",   "io",
     "ipaddress",   "itertools",   "json",        "keyword",     "locale",    "logging",
     "lzma",        "math",        "mimetypes",   "ntpath",      "numbers",   "operator",
     "optparse",    "os",          "pathlib",     "pickle",      "platform",  "plistlib",
     "posixpath",   "pprint",      "pytest",      "queue",       "quopri",    "random",
     "re",          "reprlib",     "secrets",     "shlex",       "stat",      "statistics",
     "string",      "stringprep",  "struct",      "sys",         "tempfile",  "textwrap",
     "threading",   "time",        "token",       "tokenize",    "tomllib",   "traceback",
     "types",       "typing",      "unicodedata", "unittest",    "uuid",      "warnings",
     "weakref",     "xml",         "zipfile",     "zlib",        "zoneinfo"});

constexpr std::array kReaches = std::to_array<std::string_view>({"socket",
                                                                 "ssl",
                                                                 "http",
                                                                 "ftplib",
                                                                 "smtplib",
                                                                 "poplib",
                                                                 "imaplib",
                                                                 "telnetlib",
                                                                 "socketserver",
                                                                 "subprocess",
                                                                 "multiprocessing",
                                                                 "shutil",
                                                                 "ctypes",
                                                                 "signal",
                                                                 "webbrowser",
                                                                 "pty",
                                                                 "select",
                                                                 "selectors",
                                                                 "xmlrpc",
                                                                 "mmap",
                                                                 "fcntl",
                                                                 "resource",
                                                                 "dbm",
                                                                 "sqlite3",
                                                                 "shelve",
                                                                 "runpy",
                                                                 "code",
                                                                 "codeop",
                                                                 "pip",
                                                                 "ensurepip",
                                                                 "venv",
                                                                 "requests",
                                                                 "httpx",
                                                                 "aiohttp",
                                                                 "urllib3"});

template <class List>
bool holds(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view root_of(std::string_view dotted) {
  return dotted.substr(0, dotted.find('.'));
}

}  // namespace

std::string why_not_importable(std::string_view dotted, const Subject& subject) {
  const std::string_view root = root_of(dotted);
  if (root == "urllib" && dotted.starts_with("urllib.parse")) return "";
  if (holds(kReaches, root) || root == "urllib") {
    return "it reaches for the network or for other processes: " + std::string(dotted);
  }
  if (holds(kComputes, root) || root == root_of(subject.plan->module_name)) return "";
  for (const std::string& used : subject.module->imported_modules) {
    if (root_of(used) == root) return "";
  }
  return "it needs the package " + std::string(root) +
         ", which the module under test does not use; nothing is installed for a test";
}

}  // namespace testgen::llm
