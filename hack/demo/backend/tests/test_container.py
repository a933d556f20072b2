"""As a container runs it: as any user, on a file system that nobody can write to."""

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.backend import ROOT, Backend
from tests.postgres import PostgresServer

# In a mount namespace of its own: interpreter, packages and sources below /mnt, everything else read-only.
CONFINED = """
mount -t tmpfs tmpfs /mnt
mkdir /mnt/app /mnt/packages /mnt/python
mount --bind "$1" /mnt/app
mount --bind "$2" /mnt/packages
mount --bind "$3" /mnt/python
python=/mnt/python/bin/$4
shift 4
for path in /mnt /mnt/app /mnt/packages /mnt/python; do mount -o remount,bind,ro $path; done
mount -t tmpfs -o ro tmpfs /tmp
mount -o remount,bind,ro /
cd /mnt/app
export LD_LIBRARY_PATH=/mnt/python/lib PYTHONPATH=/mnt/packages PYTHONDONTWRITEBYTECODE=1
exec setpriv --reuid 54321 --regid 54321 --clear-groups --no-new-privs --bounding-set=-all "$python" "$@"
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a mount namespace and becomes somebody else")
def test_any_user_runs_it_on_a_read_only_file_system(postgres: PostgresServer, database: str) -> None:
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    paths = [str(ROOT), sysconfig.get_path("purelib"), sys.base_prefix, python]
    wrapper = ["unshare", "--mount", "--propagation", "private", "sh", "-euc", CONFINED, "confined", *paths]
    with Backend(
        {"DATABASE_URL": postgres.url(database, "?ssl=require"), "HOME": "/nowhere"}, wrapper=wrapper
    ) as backend:
        backend.is_ready()
        backend.sign_up().add("one")
        status = Path(f"/proc/{backend.process.pid}/status").read_text()
        assert "Uid:\t54321\t54321\t54321\t54321" in status
        assert "CapEff:\t0000000000000000" in status
        assert backend.stop().exit_code == 0
        assert backend.stderr == ""
