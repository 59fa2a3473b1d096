"""How the course's JupyterLab differs from the default one. `tools/lab.py` points Jupyter to this folder.

Beside it, `labconfig` answers the question whether to fetch news from the network with no.
"""

from pathlib import Path

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


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


c = get_config()  # noqa: F821  (defined by Jupyter, which runs this file)
c.ServerApp.root_dir = str(Path(__file__).resolve().parents[2])
c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.ServerApp.ip = "127.0.0.1"  # this machine only
c.ServerApp.allow_root = True  # in a container one is often root, which Jupyter refuses unless told
c.ServerApp.kernel_websocket_connection_class = PromptConnection
