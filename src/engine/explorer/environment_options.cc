#include "engine/explorer/environment_options.h"

#include <algorithm>
#include <map>

#include "base/strings.h"

namespace testgen::engine {
namespace {

using Kind = EnvironmentNeed::Kind;

constexpr const char* kClockAt =
    "def clock_at(*moment):\n"
    "    \"\"\"A datetime class whose clock stands still.\"\"\"\n"
    "\n"
    "    class FixedDatetime(datetime.datetime):\n"
    "        @classmethod\n"
    "        def now(cls, tz=None):\n"
    "            return cls(*moment, tzinfo=tz)\n"
    "\n"
    "        @classmethod\n"
    "        def utcnow(cls):\n"
    "            return cls(*moment)\n"
    "\n"
    "        today = utcnow\n"
    "\n"
    "    return FixedDatetime";

constexpr const char* kDateAt =
    "def date_at(*day):\n"
    "    \"\"\"A date class for which it is always that day.\"\"\"\n"
    "\n"
    "    class FixedDate(datetime.date):\n"
    "        @classmethod\n"
    "        def today(cls):\n"
    "            return cls(*day)\n"
    "\n"
    "    return FixedDate";

Value stand_in(Value result) {
  Value out = Value::call("mock.Mock", {});
  out.keywords.emplace_back("return_value", std::move(result));
  return out;
}

Value failing_stand_in(Value error) {
  Value out = Value::call("mock.Mock", {});
  out.keywords.emplace_back("side_effect", std::move(error));
  return out;
}

Value finished_process(std::int64_t code, Value output, Value errors) {
  Value out = Value::call("mock.Mock", {});
  out.keywords = {{"returncode", Value::integer(code)},
                  {"stdout", std::move(output)},
                  {"stderr", std::move(errors)}};
  return out;
}

std::string drawn(const std::vector<std::string>& texts, const OptionContext& context,
                  const std::string& otherwise) {
  return texts.empty() ? otherwise : texts[context.random->below(texts.size())];
}

// `monkeypatch.setattr(shop.time, "time", ` for what the module calls "time.time".
class CallOptions {
 public:
  CallOptions(const EnvironmentNeed& need, const OptionContext& context)
      : need_(need), context_(context) {
    if (need.place.empty()) {
      head_ = "monkeypatch.setattr(" + render_string(need.name) + ", ";
      return;
    }
    const std::size_t dot = need.place.rfind('.');
    const std::string owner =
        dot == std::string::npos ? context.alias : context.alias + "." + need.place.substr(0, dot);
    const std::string last = dot == std::string::npos ? need.place : need.place.substr(dot + 1);
    head_ = "monkeypatch.setattr(" + owner + ", \"" + last + "\", ";
  }

  std::vector<Arrangement> options() {
    const std::string& name = need_.name;
    if (name.starts_with("datetime.")) {
      dates();
    } else if (name.starts_with("time.") || name == "asyncio.sleep") {
      clocks();
    } else if (name.starts_with("random.")) {
      out_.push_back({arrange_line(context_, need_.key(), "random.seed(", {Value::integer(0)})});
      out_.push_back(
          {arrange_line(context_, need_.key(), "random.seed(",
                        {Value::integer(static_cast<std::int64_t>(context_.random->below(99)))})});
    } else if (name.starts_with("secrets.") || name == "os.urandom" || name.starts_with("uuid.")) {
      secrets();
    } else if (!places() && !processes()) {
      strangers();
    }
    return std::move(out_);
  }

 private:
  void with(const std::string& source, std::vector<Value> arguments = {}) {
    out_.push_back({arrange_line(context_, need_.key(), head_ + source, std::move(arguments))});
  }

  void with_stand_in(Value value) {
    Statement line = arrange_line(context_, need_.key(), head_, {std::move(value)});
    if (!need_.place.empty()) line.stub = context_.alias + "." + need_.place;
    out_.push_back({std::move(line)});
  }

  void dates() {
    const bool day = need_.name == "datetime.date.today";
    // The class is replaced where the module finds it: "datetime.now" is called on "datetime".
    const std::size_t last = need_.place.rfind('.');
    if (last == std::string::npos) return;
    const std::string kind = need_.place.substr(0, last);
    const std::size_t dot = kind.rfind('.');
    const std::string owner =
        dot == std::string::npos ? context_.alias : context_.alias + "." + kind.substr(0, dot);
    const std::string source = "monkeypatch.setattr(" + owner + ", \"" +
                               (dot == std::string::npos ? kind : kind.substr(dot + 1)) + "\", ";
    const auto moment = [&](std::vector<std::int64_t> parts) {
      if (day) parts.resize(3);
      std::vector<Value> values;
      for (const std::int64_t part : parts) values.push_back(Value::integer(part));
      Statement line = arrange_line(context_, need_.key(), source,
                                    {Value::call(day ? "date_at" : "clock_at", std::move(values))});
      line.definitions = {day ? kDateAt : kClockAt};
      out_.push_back({std::move(line)});
    };
    moment({2024, 3, 15, 12, 30, 45});
    moment({2023, 12, 31, 23, 59});
    moment({2024, 2, 29, 6, 5});
    moment({1999, 1, 1, 0, 0});
  }

  void clocks() {
    const std::string what = need_.name.substr(need_.name.rfind('.') + 1);
    if (need_.name == "asyncio.sleep") {
      with_stand_in(Value::call("mock.AsyncMock", {}));
    } else if (what == "sleep") {
      with("lambda seconds: None)");
    } else if (what == "localtime" || what == "gmtime") {
      with("lambda *args: time.struct_time((2024, 3, 15, 12, 30, 45, 4, 75, 0)))");
      with("lambda *args: time.struct_time((2023, 12, 31, 23, 59, 59, 6, 365, 0)))");
    } else if (what == "ctime" || what == "asctime") {
      with("lambda *args: \"Fri Mar 15 12:30:45 2024\")");
    } else if (what == "strftime") {
      with("lambda *args: ", {Value::string("2024-03-15")});
    } else if (what.ends_with("_ns")) {
      with("lambda: ", {Value::integer(1'700'000'000'000'000'000)});
    } else {
      with("lambda: ", {Value::floating(1'700'000'000.0)});
      with("lambda: ", {Value::floating(0.0)});
      // A clock that goes on, for loops that wait.
      with("iter([1.0, 2.0, 3.5, 10.0, 60.0, 3600.0, 100000.0]).__next__)");
    }
  }

  void secrets() {
    const std::string what = need_.name.substr(need_.name.rfind('.') + 1);
    if (what == "uuid1" || what == "uuid4") {
      with("lambda: uuid.UUID(int=1))");
    } else if (what == "urandom" || what == "token_bytes") {
      with("lambda count=32: bytes(count))");
    } else if (what == "choice") {
      with("lambda items: items[0])");
    } else if (what == "token_hex" || what == "token_urlsafe") {
      with("lambda *args: ", {Value::string("0a1b2c3d")});
    } else {
      with("lambda *args: ", {Value::integer(7)});
    }
  }

  // Where the process runs, and as whom.
  bool places() {
    static const std::map<std::string, std::string> kTexts{
        {"socket.gethostname", "web-1.example.org"},
        {"socket.getfqdn", "web-1.example.org"},
        {"getpass.getuser", "alice"},
        {"getpass.getpass", "secret"},
        {"os.getlogin", "alice"},
        {"platform.node", "web-1"},
        {"platform.system", "Linux"},
        {"platform.machine", "x86_64"},
        {"platform.release", "6.1.0"},
        {"platform.version", "1"},
        {"platform.processor", "x86_64"},
        {"platform.platform", "Linux-6.1.0-x86_64"}};
    static const std::map<std::string, std::int64_t> kNumbers{
        {"os.getpid", 1234}, {"os.getppid", 1}, {"os.cpu_count", 4},
        {"os.getuid", 1000}, {"os.geteuid", 0}, {"os.getgid", 100}};
    if (need_.name == "os.getcwd") {
      out_.push_back({arrange_line(context_, need_.key(), "monkeypatch.chdir(tmp_path)")});
      with("lambda: ", {Value::string("/home/alice/project")});
      return true;
    }
    if (const auto text = kTexts.find(need_.name); text != kTexts.end()) {
      with("lambda *args: ", {Value::string(text->second)});
      if (need_.name == "platform.system") {
        with("lambda *args: ", {Value::string("Windows")});
        with("lambda *args: ", {Value::string("Darwin")});
      }
      with("lambda *args: ", {Value::string(drawn(context_.words, context_, "abc"))});
      return true;
    }
    if (const auto number = kNumbers.find(need_.name); number != kNumbers.end()) {
      with("lambda: ", {Value::integer(number->second)});
      return true;
    }
    return false;
  }

  bool processes() {
    const std::string& name = need_.name;
    const std::string text = drawn(context_.file_texts, context_, "first line\nsecond line\n");
    const Value none = Value::string("");
    const Value missing = Value::call("FileNotFoundError", {Value::string("no such program")});
    if (name == "subprocess.run") {
      with_stand_in(stand_in(finished_process(0, Value::string(text), none)));
      with_stand_in(stand_in(finished_process(1, none, Value::string("it failed"))));
      with_stand_in(stand_in(finished_process(0, Value::bytes(text), Value::bytes(""))));
    } else if (name == "subprocess.call" || name == "subprocess.check_call" ||
               name == "os.system") {
      with_stand_in(stand_in(Value::integer(0)));
      with_stand_in(stand_in(Value::integer(1)));
    } else if (name == "subprocess.check_output") {
      with_stand_in(stand_in(Value::string(text)));
      with_stand_in(stand_in(Value::bytes(text)));
    } else if (name == "subprocess.getoutput") {
      with_stand_in(stand_in(Value::string(text)));
    } else if (name == "subprocess.getstatusoutput") {
      with_stand_in(
          stand_in(Value::container(ValueKind::Tuple, {Value::integer(0), Value::string(text)})));
      with_stand_in(stand_in(
          Value::container(ValueKind::Tuple, {Value::integer(1), Value::string("it failed")})));
    } else if (name == "os.popen") {
      with_stand_in(stand_in(Value::call("io.StringIO", {Value::string(text)})));
    } else if (name == "os._exit" || name == "os.abort") {
      with("sys.exit)");  // nothing after it runs, and the exception tells the code
    } else if (name == "shutil.which") {
      with_stand_in(stand_in(Value::string("/usr/bin/tool")));
      with_stand_in(stand_in(Value::none()));
    } else {
      return false;
    }
    if (name.starts_with("subprocess.")) {
      with_stand_in(failing_stand_in(missing));
      if (need_.place.starts_with("subprocess.")) {
        with_stand_in(
            failing_stand_in(Value::call(context_.alias + ".subprocess.CalledProcessError",
                                         {Value::integer(1), Value::string("tool")})));
      }
    }
    return true;
  }

  // Networks and other people's code: a stand-in that answers to anything, whose shape is
  // learnt from how it is used, and one that fails.
  void strangers() {
    if (need_.name == "urllib.request.urlopen") {
      for (const char* body : {"{\"a\": 1}", "abc"}) {
        with_stand_in(stand_in(Value::call("io.BytesIO", {Value::bytes(body)})));
      }
    }
    with_stand_in(Value::call("mock.MagicMock", {}));
    const std::size_t dot = need_.place.find('.');
    const bool requests = need_.name.starts_with("requests.") && dot != std::string::npos;
    const std::string error =
        requests ? context_.alias + "." + need_.place.substr(0, dot) + ".ConnectionError"
                 : "OSError";
    with_stand_in(failing_stand_in(Value::call(error, {Value::string("unreachable")})));
  }

  const EnvironmentNeed& need_;
  const OptionContext& context_;
  std::string head_;
  std::vector<Arrangement> out_;
};

bool about_paths(const std::string& name) {
  const std::string lower = base::to_lower(name);
  for (const char* word : {"dir", "path", "home", "file", "cache", "folder"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

std::vector<Arrangement> variable_options(const EnvironmentNeed& need,
                                          const OptionContext& context) {
  std::vector<Arrangement> out;
  const std::string set = "monkeypatch.setenv(" + render_string(need.name) + ", ";
  const auto value = [&](Value text) {
    out.push_back({arrange_line(context, need.key(), set, {std::move(text)})});
  };
  if (need.name == "HOME") {
    value(Value::name("str(tmp_path)"));
    return out;
  }
  out.push_back({arrange_line(
      context, need.key(), "monkeypatch.delenv(" + render_string(need.name) + ", raising=False)")});
  if (about_paths(need.name)) value(Value::name("str(tmp_path)"));
  value(Value::string("1"));
  value(Value::string(drawn(context.words, context, "abc")));
  value(Value::string(drawn(context.words, context, "yes")));
  value(Value::string(""));
  return out;
}

std::vector<Arrangement> constant_options(const EnvironmentNeed& need,
                                          const OptionContext& context) {
  if (!need.place.empty()) {
    const Statement root =
        arrange_line(context, need.key(),
                     "monkeypatch.setattr(" + context.alias + ", \"" + need.name + "\", " +
                         (need.as_text ? "str(tmp_path)" : "tmp_path") + ")");
    std::vector<Arrangement> below;
    for (int i = 0; i < 3 && need.place.find('/') == std::string::npos; ++i) {
      below.push_back({arrange_line(context, "content",
                                    "(tmp_path / " + render_string(need.place) + ").write_text(",
                                    {Value::string(drawn(context.file_texts, context, "abc"))}),
                       root});
    }
    below.push_back({root});
    return below;
  }
  const std::size_t slash = need.literal.rfind('/');
  std::string file = need.literal.substr(slash == std::string::npos ? 0 : slash + 1);
  if (file.empty()) file = "data";
  const std::string path = "tmp_path / " + render_string(file);
  const Statement point =
      arrange_line(context, need.key(),
                   "monkeypatch.setattr(" + context.alias + ", \"" + need.name + "\", " +
                       (need.as_text ? "str(" + path + ")" : path) + ")");
  std::vector<Arrangement> out;
  for (int i = 0; i < 3; ++i) {
    out.push_back({arrange_line(context, "content", "(" + path + ").write_text(",
                                {Value::string(drawn(context.file_texts, context, "abc"))}),
                   point});
  }
  out.push_back({point});
  out.push_back({arrange_line(context, "content", "(" + path + ").mkdir()"), point});
  return out;
}

std::vector<Arrangement> folder_options(const EnvironmentNeed& need, const OptionContext& context) {
  const Statement change = arrange_line(context, need.key(), "monkeypatch.chdir(tmp_path)");
  std::vector<Arrangement> out;
  const bool inside = !need.name.empty() && need.name.find("..") == std::string::npos &&
                      need.name.find('\n') == std::string::npos && need.name.size() < 60 &&
                      need.name != ".";
  if (inside) {
    const std::size_t slash = need.name.rfind('/');
    Arrangement both{change};
    if (slash != std::string::npos && slash > 0) {
      both.push_back(arrange_line(
          context, "content",
          "(tmp_path / " + render_string(need.name.substr(0, slash)) + ").mkdir(parents=True)"));
    }
    for (int i = 0; i < 3; ++i) {
      Arrangement file = both;
      file.push_back(arrange_line(context, "content",
                                  "(tmp_path / " + render_string(need.name) + ").write_text(",
                                  {Value::string(drawn(context.file_texts, context, "abc"))}));
      out.push_back(std::move(file));
    }
    if (both.size() > 1) out.push_back(std::move(both));
  }
  out.push_back({change});
  return out;
}

std::vector<Arrangement> argument_options(const EnvironmentNeed& need,
                                          const OptionContext& context) {
  std::vector<Arrangement> out;
  const auto arguments = [&](std::vector<std::string> words) {
    std::vector<Value> values{Value::string("prog")};
    for (std::string& word : words) values.push_back(Value::string(std::move(word)));
    out.push_back({arrange_line(context, need.key(), "monkeypatch.setattr(\"sys.argv\", ",
                                {Value::container(ValueKind::List, std::move(values))})});
  };
  arguments({});
  arguments({drawn(context.words, context, "abc")});
  arguments({drawn(context.words, context, "--help"), drawn(context.words, context, "1")});
  std::vector<std::string> flags;
  for (const std::string& word : context.words) {
    if (word.starts_with("-") && word.size() > 1) flags.push_back(word);
  }
  for (int i = 0; i < 3 && !flags.empty(); ++i) {
    const std::string flag = drawn(flags, context, "-h");
    arguments({flag});
    arguments({flag, drawn(context.words, context, "abc")});
  }
  return out;
}

}  // namespace

std::string EnvironmentNeed::key() const {
  switch (kind) {
    case Kind::Variable:
      return "variable " + name;
    case Kind::Environment:
      return "environment";
    case Kind::Call:
      return name.starts_with("random.")     ? "random"
             : name.starts_with("datetime.") ? "datetime " + place.substr(0, place.rfind('.'))
                                             : "call " + name;
    case Kind::Arguments:
      return "arguments";
    case Kind::Input:
      return "input";
    case Kind::TemporaryFiles:
      return "temporary files";
    case Kind::State:
      return "state " + place + "." + name;
    case Kind::Constant:
      return "constant " + name;
    case Kind::Folder:
      return "folder";
  }
  return "";
}

Statement arrange_line(const OptionContext& context, const std::string& key, std::string source,
                       std::vector<Value> arguments) {
  Statement out;
  out.kind = Statement::Kind::Arrange;
  out.callable = context.callable;
  out.attribute = key;
  out.source = std::move(source);
  out.arguments = std::move(arguments);
  return out;
}

std::vector<Arrangement> options_for(const EnvironmentNeed& need, const OptionContext& context) {
  switch (need.kind) {
    case Kind::Variable:
      return variable_options(need, context);
    case Kind::Environment: {
      std::vector<Arrangement> out;
      const auto with = [&](std::vector<Value> items) {
        out.push_back({arrange_line(context, need.key(), "monkeypatch.setattr(\"os.environ\", ",
                                    {Value::container(ValueKind::Dict, std::move(items))})});
      };
      with({});
      with({Value::string("HOME"), Value::string("/home/alice")});
      const std::string word = drawn(context.words, context, "NAME");
      with({Value::string(word), Value::string(drawn(context.words, context, "abc"))});
      return out;
    }
    case Kind::Call:
      return CallOptions(need, context).options();
    case Kind::Arguments:
      return argument_options(need, context);
    case Kind::Input: {
      std::vector<Arrangement> out;
      for (const std::string& text :
           {std::string("abc\n"), drawn(context.words, context, "yes") + "\n",
            drawn(context.words, context, "1") + "\n" + drawn(context.words, context, "q") + "\n",
            std::string()}) {
        Statement line = arrange_line(context, need.key(), "monkeypatch.setattr(\"sys.stdin\", ",
                                      {Value::call("io.StringIO", {Value::string(text)})});
        out.push_back({std::move(line)});
      }
      return out;
    }
    case Kind::TemporaryFiles:
      return {{arrange_line(context, need.key(),
                            "monkeypatch.setattr(\"tempfile.tempdir\", str(tmp_path))")}};
    case Kind::State: {
      if (need.literal.empty()) return {};
      const std::string owner =
          need.place.empty() ? context.alias : context.alias + "." + need.place;
      return {{arrange_line(
          context, need.key(),
          "monkeypatch.setattr(" + owner + ", \"" + need.name + "\", " + need.literal + ")")}};
    }
    case Kind::Constant:
      return constant_options(need, context);
    case Kind::Folder:
      return folder_options(need, context);
  }
  return {};
}

}  // namespace testgen::engine
