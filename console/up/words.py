"""What a person reads when the machine refuses something that `up` needs."""

import errno

ROOM = "The disk is full. Make room, then start again."
SENTENCES = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EACCES: "There is no permission to write {path}. CALLBOARD_HOME can name another folder.",
    errno.EPERM: "There is no permission to write {path}. CALLBOARD_HOME can name another folder.",
    errno.EROFS: "{path} cannot be written. CALLBOARD_HOME can name another folder.",
    errno.ENOTDIR: "{path} is not in a folder. CALLBOARD_HOME can name another one.",
    errno.EEXIST: "{path} is not a folder. CALLBOARD_HOME can name another one.",
    errno.EADDRINUSE: "The port {path} is taken. Choose another one.",
    errno.EADDRNOTAVAIL: "This machine has no address {path}. Choose another --host.",
    errno.EMFILE: "There are too many open files. Raise the limit with `ulimit -n`.",
}


def why(problem: OSError) -> str:
    """A sentence; the path is the file, or the address that `layout` puts in its place."""
    path = problem.filename or "A file"
    if problem.errno in SENTENCES:
        return SENTENCES[problem.errno].format(path=path)
    return f"{problem.strerror or problem} ({path})."
