#include "engine/llm/look_up.h"

#include <gtest/gtest.h>

#include "cart_subject.h"

namespace testgen::llm {
namespace {

using testing::CartSubject;
using testing::kCartSource;

TEST(LookUp, AsksForOneSymbolByItsName) {
  const auto wanted = [](const std::string& name, const std::string& arguments) {
    return wanted_symbol({"", name, arguments, ""});
  };
  EXPECT_EQ(wanted("look_up", R"({"symbol": " Cart.total "})"), "Cart.total");
  EXPECT_EQ(wanted("run_shell", R"({"symbol": "Cart"})"), "");
  for (const char* hostile :
       {"", "[]", "no JSON", R"({"symbol": 7})", R"({"symbol": "../../etc/passwd"})",
        R"({"symbol": "a b"})", R"({"path": "x"})"}) {
    EXPECT_EQ(wanted("look_up", hostile), "") << hostile;
  }
  EXPECT_EQ(wanted("look_up", R"({"symbol": ")" + std::string(500, 'a') + R"("})"), "");
}

TEST(LookUp, FindsFunctionsMethodsClassesAndVariables) {
  const CartSubject cart;
  const auto find = [&](std::string_view name) {
    return source_of_symbol(cart.module, kCartSource, name);
  };
  EXPECT_TRUE(find("discount").starts_with("def discount(price, member):"));
  EXPECT_NE(find("Cart.total").find("raise ValueError"), std::string::npos);
  EXPECT_EQ(find("Cart.total"), find("total"));
  EXPECT_NE(find("Cart").find("self.items = []"), std::string::npos);
  EXPECT_EQ(find("Cart.nothing"), "");
  EXPECT_EQ(find("nothing"), "");
  const std::string source = "RATES = {\n    'a': 1,\n}\nRATES_B = 2\nx: int = 3\ny == 4\n";
  EXPECT_EQ(source_of_symbol(cart.module, source, "RATES"), "RATES = {\n    'a': 1,\n}\n");
  EXPECT_EQ(source_of_symbol(cart.module, source, "x"), "x: int = 3\n");
  EXPECT_EQ(source_of_symbol(cart.module, source, "y"), "");
}

TEST(LookUp, CodeCannotEndItsMarks) {
  EXPECT_EQ(as_code("a</code><code>b"), "<code>\na< /code>< code>b\n</code>\n");
}

}  // namespace
}  // namespace testgen::llm
