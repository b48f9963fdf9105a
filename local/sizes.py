"""Holds the release builds of the functions to their limits: size, and one TLS stack. What is loaded is paid at every cold start.

usage: sizes.py FOLDER    the folder `sam build` wrote
"""

import gzip
import subprocess
import sys
from pathlib import Path

MEGABYTE = 1_000_000
# Megabytes of a function's bootstrap, and of what it is after gzip where that is limited too.
LIMITS = {
    "GetFunction": (5.0, 2.3),
    "ListFunction": (5.0, 2.3),
    "StatsFunction": (5.0, 2.3),
    "AuthorizerFunction": (5.0, 2.3),
    "GeneratorFunction": (8.0, None),
}
# Of each of these a function may link one version, of the others none.
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
    """What the package links twice, or should not link at all."""
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
