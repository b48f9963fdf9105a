"""Checks the release builds of the functions: their sizes, and that each links only one TLS stack. Every cold start loads them whole.

usage: sizes.py FOLDER    the folder that `sam build` wrote
"""

import gzip
import subprocess
import sys
from pathlib import Path

MEGABYTE = 1_000_000
# The most megabytes for a function's bootstrap, and for the bootstrap after gzip where that is limited too.
LIMITS = {
    "GetFunction": (5.0, 2.3),
    "ListFunction": (5.0, 2.3),
    "StatsFunction": (5.0, 2.3),
    "AuthorizerFunction": (5.0, 2.3),
    "GeneratorFunction": (8.0, None),
}
# A function may link one version of each of these, and none of the others.
AT_MOST_ONE = ("rustls", "hyper", "aws-lc-rs")
NEVER = ("ring", "openssl", "native-tls")


def main(folder: Path) -> int:
    problems = []
    print(f"{'function':<20}{'MB':>8}{'gzip':>8}")
    for function, (limit, limit_gzip) in LIMITS.items():
        content = (folder / function / "bootstrap").read_bytes()
        size, packed = len(content) / MEGABYTE, len(gzip.compress(content)) / MEGABYTE
        print(f"{function:<20}{size:>8.2f}{packed:>8.2f}")
        if size > limit:
            problems.append(f"{function} is larger than {limit} MB")
        if limit_gzip and packed > limit_gzip:
            problems.append(f"{function} is larger than {limit_gzip} MB after gzip")
        problems += duplicates(function.removesuffix("Function").lower())
    for problem in problems:
        print(f"sizes: {problem}", file=sys.stderr)
    return 1 if problems else 0


def duplicates(package: str) -> list[str]:
    """The crates that the package links in two versions, or should not link at all."""
    command = ["cargo", "tree", "--locked", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"]
    tree = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    versions: dict[str, set[str]] = {}
    for line in tree.splitlines():
        if line:
            name, version = line.split()[:2]
            versions.setdefault(name, set()).add(version)
    twice = [name for name in AT_MOST_ONE if len(versions.get(name, ())) > 1]
    return [f"{package} links {name} twice" for name in twice] + [f"{package} links {name}" for name in NEVER if name in versions]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
