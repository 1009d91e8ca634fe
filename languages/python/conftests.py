# How a project's conftest.py is loaded by the programs that the build joins this to.


def load_conftest(path):
    """The module of that conftest.py, under the name and from the folder that pytest gives it."""
    folder, name = os.path.dirname(path), "conftest"
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        name = package + "." + name
    if folder not in sys.path:
        sys.path.insert(0, folder)
    known = sys.modules.get(name)
    if known is not None and getattr(known, "__file__", None) != path:
        del sys.modules[name]
    return importlib.import_module(name)


class Conftests:
    """A pytest plugin: conftest.py files of elsewhere count for every test of the run. An inner one
    comes after those around it, and its fixtures go before theirs."""

    def __init__(self, described):
        self.files, self.import_root = described["files"], described["import_root"]

    def pytest_configure(self, config):
        if self.files and self.import_root not in sys.path:
            sys.path.append(self.import_root)
        for number, path in enumerate(self.files):
            config.pluginmanager.register(load_conftest(path), "project-conftest-%d" % number)
