"""The zoo's variants: one table.  Each changes one thing against its partner."""
from collections.abc import Callable
from dataclasses import dataclass, replace

from networks import backbone, bagnet
from objectives import Classification, Jigsaw, SaliencyMix, TextureAdversary
from scenes import Recipe

ORDINARY = Recipe()


@dataclass(frozen=True)
class Variant:
    partner: str | None           # the variant to compare with
    changes: str                  # the one thing that differs from it
    network: Callable = backbone
    recipe: Recipe = ORDINARY     # of the training pictures
    objective: Callable = Classification
    weights_of: str | None = None  # not trained: the named variant's weights in this network
    honest_null: str | None = None  # what was hoped for and did not happen


def of(network, *arguments, **options):
    return lambda: network(*arguments, **options)


VARIANTS = {
    # How feature maps are made smaller.
    "stride": Variant(None, "the baseline: strided convolutions", of(backbone, "stride")),
    "maxpool": Variant("stride", "2x2 maximum after each convolution instead of its stride", of(backbone, "maxpool")),
    "avgpool": Variant("maxpool", "2x2 mean instead of 2x2 maximum", of(backbone, "avgpool")),
    "blurpool": Variant("maxpool", "5x5 binomial filter, then every second position, instead of 2x2 maximum",
                        of(backbone, "blurpool")),
    "aps-blur": Variant("blurpool", "after the filter the grid of largest energy instead of always the first "
                        "(with circular padding, without which that is not exact)",
                        of(backbone, "aps-blur", padding="circular")),
    "stride-circular": Variant("stride", "circular instead of zero padding", of(backbone, "stride", padding="circular")),
    "dense": Variant("stride-circular", "the same weights with every stride turned into dilation: nothing is left out",
                     of(backbone, "dense", padding="circular"), weights_of="stride-circular"),
    # What the training pictures look like.
    "centred": Variant("maxpool", "training objects in the middle, +-1 px, instead of anywhere",
                       recipe=replace(ORDINARY, centred=True)),
    "texture-biased": Variant("maxpool", "training texture always follows the class instead of half of the time",
                              recipe=replace(ORDINARY, texture_follows=1.0)),
    "stylised": Variant("maxpool", "training texture is random instead of following the class half of the time",
                        recipe=replace(ORDINARY, texture_follows=0.0)),
    "background-biased": Variant("maxpool", "training backdrop follows the class in 95 % (and none is plain) instead of never",
                                 recipe=replace(ORDINARY, backdrop_follows=0.95, plain=0.0)),
    # What the network can see, and how it normalises.
    "bagnet": Variant("maxpool", "sees 9x9 pixels at a time", bagnet),
    "groupnorm": Variant("stride", "group norm (8 groups) instead of batch norm", of(backbone, "stride", "group")),
    "layernorm": Variant("stride", "layer norm over channels instead of batch norm", of(backbone, "stride", "layer")),
    # What training minimises.
    "adversarial": Variant("stride", "the features must not tell the texture family", of(backbone, "stride"),
                           objective=TextureAdversary),
    "jigsaw": Variant("stride", "also tell the order of the picture's four quarters", of(backbone, "stride"),
                      objective=Jigsaw, honest_null="meant to raise shape bias, which it leaves as it is"),
    "saliency-mix": Variant("stride", "also classify pictures with another's salient window pasted in",
                            of(backbone, "stride"), objective=SaliencyMix,
                            honest_null="meant to make answers rest on more of the object, but neither shape bias nor "
                            "the share of changed answers improves"),
}


def variant(name):
    if name not in VARIANTS:
        raise SystemExit(f"Expected a variant of {', '.join(VARIANTS)} but received {name!r}")
    return VARIANTS[name]
