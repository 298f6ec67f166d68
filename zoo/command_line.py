"""The options that training, measuring and shipping share."""
import argparse
from pathlib import Path

from variants import VARIANTS, variant


def variants_parser(description):
    """A parser for `--weights FOLDER [--seed 0] [NAME ...]`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", type=_name, default=list(VARIANTS), help="variants; all of them by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weights", required=True, type=Path, help="folder of trained weights, outside the repository")
    return parser


def _name(text):
    variant(text)
    return text
