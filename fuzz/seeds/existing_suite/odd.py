# testgen: unit f sha256=0123456789abcded
@decorated
@again(
)
def test_a(
    x,
):
    assert x

class TestA
# testgen: unit g sha256=0123456789abcded
    def test_b():
  def test_c(): pass
def test_d
