# testgen: unit A.b sha256=0123
class TestA:
    def test_b(self):
        self.assertEqual(1, 1)

    # testgen: unit A.c sha256=zz
    async def test_c(self, x=(1,
      2)): pass
