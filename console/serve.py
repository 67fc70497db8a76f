"""`python -m console.serve MODULE:APP FD`: uvicorn on a socket that the parent opened.

The parent keeps the socket, so a web process can be restarted without refusing a connection.
"""

import socket
import sys

import uvicorn


def main(app: str, descriptor: str) -> None:
    config = uvicorn.Config(
        app,
        access_log=False,  # query strings of the API may hold tokens
        log_level="warning",
        server_header=False,
        ws="websockets-sansio",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(descriptor))])


if __name__ == "__main__":
    main(*sys.argv[1:])
