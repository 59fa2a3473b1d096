"""How the course's JupyterLab differs from the default one. `tools/lab.py` points Jupyter to this folder.

Beside it, `labconfig` answers the question whether to fetch news from the network with no, and lets a
notebook be saved with what its widgets show, which `keep_pictures` below turns into pictures.
"""

import json
import warnings
from pathlib import Path
from urllib.parse import quote

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from course_lib.teaching.desk.files import COURSE, desk_folder


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each message of a kernel to the browser at once.

    By default the operating system may hold a small packet back until the one before it is acknowledged
    (Nagle's algorithm), and the other side may take its time to do so (delayed acknowledgment: 40 ms on
    Linux, up to 200 ms elsewhere). A kernel answers a slider with several small messages, the first of
    which says no more than "busy", so that pictures came up to 40 ms late: 44 ms for an empty round trip
    instead of 6.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


def keep_pictures(model, path, contents_manager, **_):
    """Before a notebook is written: the views of explorers, which need a kernel, become pictures."""
    if model["type"] != "notebook":
        return
    from course_lib.live.stored import keep_pictures  # late: not needed before something is saved

    file = Path(contents_manager.root_dir, *path.split("/"))
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it is new, or not readable: then there is no picture to keep
        stored = None
    keep_pictures(model["content"], stored if isinstance(stored, dict) else None)


def without_nbdime(_handler, page_config):
    """Leave out what nbdime adds to JupyterLab: the course uses its merge alone, and pages open sooner."""
    extensions = page_config["federated_extensions"]
    page_config["federated_extensions"] = [each for each in extensions if each["name"] != "nbdime-jupyterlab"]
    return page_config


desk = desk_folder() or COURSE
root = COURSE if desk.is_relative_to(COURSE) else desk
first = (desk / "notebooks" / "00_start_here.ipynb").relative_to(root)

c = get_config()  # noqa: F821  (defined by Jupyter, which runs this file)
c.ServerApp.root_dir = str(root)
c.LabApp.default_url = f"/lab/tree/{quote(first.as_posix())}"
c.ServerApp.ip = "127.0.0.1"  # this machine only
c.Application.log_level = "WARN"  # what is left to read is the address, and what goes wrong
c.ServerApp.allow_root = True  # in a container one is often root, which Jupyter refuses unless told
# Jupyter sets the hook twice, and would warn that it replaces itself.
warnings.filterwarnings("ignore", message="Overriding existing pre_save_hook", category=UserWarning)
c.FileContentsManager.pre_save_hook = keep_pictures
c.ServerApp.kernel_websocket_connection_class = PromptConnection
c.ServerApp.jpserver_extensions = {"nbdime": False}
c.ServerApp.tornado_settings = {"page_config_hook": without_nbdime}
