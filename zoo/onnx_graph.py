"""Writes a trained network as an ONNX graph with readable names: opset 17, IR version 8.

Input `pixel_values` [batch, 3, 64, 64], output `logits` [batch, 8].  Tensors are named by scope:
`stage1/conv`, `stage1/norm` (batch norm is folded into the convolution), `stage1/relu`,
`stage1/blur`, `stage1/downsample`, ..., `head/pool`, `logits`.  The same weights give the same bytes.
"""
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from garments import CLASSES
from networks import AdaptivePolyphase, Blur, ChannelNorm
from scenes import MODEL_SIDE

INPUT, OUTPUT = "pixel_values", "logits"


def onnx_bytes(network, name, description):
    """The serialised model of a network in evaluation mode."""
    graph = _Graph()
    x, shape = INPUT, (3, MODEL_SIDE, MODEL_SIDE)
    for number, stage in enumerate(network.stages, 1):
        x, shape = _stage(graph, f"stage{number}", stage, x, shape)
    x = _mean(graph, x, network.exact_mean)
    weights = [graph.constant(f"{OUTPUT}.{k}", getattr(network.linear, k)) for k in ("weight", "bias")]
    graph.node("Gemm", [x, *weights], OUTPUT, transB=1)

    def value(tensor, *size):
        return helper.make_tensor_value_info(tensor, TensorProto.FLOAT, ["batch", *size])

    model = helper.make_model(
        helper.make_graph(graph.nodes, name, [value(INPUT, 3, MODEL_SIDE, MODEL_SIDE)], [value(OUTPUT, len(CLASSES))],
                          graph.initializers, doc_string=description),
        producer_name="invariance zoo", ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


class _Graph:
    def __init__(self):
        self.nodes, self.initializers, self.known = [], [], set()

    def node(self, kind, inputs, output, **attributes):
        """Append a node that is named like its output; returns that name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name, value):
        if name not in self.known:
            self.known.add(name)
            array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
            self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def integers(self, *values):
        """A shared constant vector of int64."""
        return self.constant("integers/" + ",".join(map(str, values)), np.array(values, np.int64))


def _stage(graph, scope, stage, x, shape):
    folded = isinstance(stage.norm, nn.BatchNorm2d)
    x, shape = _convolution(graph, f"{scope}/conv", stage.convolution, stage.norm if folded else None, x, shape)
    if isinstance(stage.norm, nn.GroupNorm):
        x = _group_norm(graph, f"{scope}/norm", stage.norm, x, shape)
    elif isinstance(stage.norm, ChannelNorm):
        x = _channel_norm(graph, f"{scope}/norm", stage.norm, x)
    x = graph.node("Relu", [x], f"{scope}/relu")
    channels, height, width = shape
    for layer in stage.downsampler:
        if isinstance(layer, Blur) and layer.stride == 1:
            x = _blur(graph, f"{scope}/blur", layer, x)
            continue
        if isinstance(layer, Blur):
            x = _blur(graph, f"{scope}/downsample", layer, x)
        elif isinstance(layer, AdaptivePolyphase):
            x = _adaptive_polyphase(graph, scope, x, shape)
        else:
            kind = {nn.MaxPool2d: "MaxPool", nn.AvgPool2d: "AveragePool"}[type(layer)]
            x = graph.node(kind, [x], f"{scope}/downsample", kernel_shape=[2, 2], strides=[2, 2])
        shape = channels, height // 2, width // 2
    return x, shape


def _convolution(graph, scope, convolution, norm, x, shape):
    kernel = convolution.kernel
    weight, bias = kernel.weight.detach().double(), []
    if norm is not None:
        scale = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
        weight = weight * scale[:, None, None, None]
        bias = [(norm.bias.detach().double() - norm.running_mean.double() * scale).float()]
    pads = [0 if convolution.circular else convolution.reach] * 4
    if convolution.circular:
        x = _wrap(graph, scope, x, convolution.reach)
    inputs = [x, graph.constant(f"{scope}.weight", weight.float())] + [graph.constant(f"{scope}.bias", b) for b in bias]
    x = graph.node("Conv", inputs, scope, kernel_shape=list(kernel.kernel_size), strides=list(kernel.stride),
                   dilations=list(kernel.dilation), pads=pads)
    size, reach = kernel.kernel_size[0], convolution.reach

    def smaller(side):
        return (side + 2 * reach - kernel.dilation[0] * (size - 1) - 1) // kernel.stride[0] + 1

    return x, (kernel.out_channels, smaller(shape[1]), smaller(shape[2]))


def _wrap(graph, scope, x, reach):
    """Circular padding (ONNX's Pad has no such mode before opset 19)."""
    x = _wrap_axis(graph, f"{scope}/wrap/rows", x, reach, 2)
    return _wrap_axis(graph, f"{scope}/wrap", x, reach, 3)


def _wrap_axis(graph, name, x, reach, axis):
    def part(first, last, side):
        return graph.node("Slice", [x, *map(graph.integers, (first, last, axis))], f"{name}/{side}")

    end = np.iinfo(np.int64).max
    return graph.node("Concat", [part(-reach, end, "before"), x, part(0, reach, "after")], name, axis=axis)


def _blur(graph, scope, blur, x):
    if blur.circular:
        x = _wrap(graph, scope, x, blur.reach)
    else:
        pads = graph.integers(0, 0, blur.reach, blur.reach, 0, 0, blur.reach, blur.reach)
        x = graph.node("Pad", [x, pads], f"{scope}/pad", mode="edge")
    side = blur.kernel.shape[-1]
    return graph.node("Conv", [x, graph.constant(f"{scope}.weight", blur.kernel)], scope, group=len(blur.kernel),
                      kernel_shape=[side, side], strides=[blur.stride] * 2, dilations=[1, 1], pads=[0] * 4)


def _adaptive_polyphase(graph, stage, x, shape):
    """The grid with the largest energy of the four; energies in double precision."""
    channels, height, width = shape
    scope = f"{stage}/polyphase"
    wide = graph.node("Cast", [x], f"{scope}/double", to=TensorProto.DOUBLE)
    square = graph.node("Mul", [wide, wide], f"{scope}/square")
    energy = graph.node("ReduceSum", [square, graph.integers(1)], f"{scope}/energy", keepdims=1)
    energies = graph.node("SpaceToDepth", [energy], f"{scope}/energies", blocksize=2)
    energies = graph.node("ReduceSum", [energies, graph.integers(2, 3)], f"{scope}/energy-of-grid", keepdims=0)
    largest = graph.node("ArgMax", [energies], f"{scope}/largest", axis=1, keepdims=1)
    grids = graph.node("SpaceToDepth", [x], f"{scope}/space-to-depth", blocksize=2)
    grids = graph.node("Reshape", [grids, graph.integers(0, 4, channels, height // 2, width // 2)], f"{scope}/grids")
    return graph.node("GatherND", [grids, largest], f"{stage}/downsample", batch_dims=1)


def _group_norm(graph, scope, norm, x, shape):
    groups = graph.node("Reshape", [x, graph.integers(0, norm.num_groups, -1)], f"{scope}/groups")
    plain = [graph.constant(f"{scope}/ones", np.ones(norm.num_groups, np.float32)),
             graph.constant(f"{scope}/zeros", np.zeros(norm.num_groups, np.float32))]
    groups = graph.node("InstanceNormalization", [groups, *plain], f"{scope}/normalised", epsilon=norm.eps)
    x = graph.node("Reshape", [groups, graph.integers(0, *shape)], f"{scope}/channels")
    return _scale_and_offset(graph, scope, norm, x)


def _channel_norm(graph, scope, norm, x):
    mean = graph.node("ReduceMean", [x], f"{scope}/mean", axes=[1])
    x = graph.node("Sub", [x, mean], f"{scope}/centred")
    square = graph.node("Mul", [x, x], f"{scope}/square")
    variance = graph.node("ReduceMean", [square], f"{scope}/variance", axes=[1])
    variance = graph.node("Add", [variance, graph.constant(f"{scope}/epsilon", np.float32(norm.epsilon))], f"{scope}/positive")
    deviation = graph.node("Sqrt", [variance], f"{scope}/deviation")
    x = graph.node("Div", [x, deviation], f"{scope}/normalised")
    return _scale_and_offset(graph, scope, norm, x)


def _scale_and_offset(graph, scope, norm, x):
    x = graph.node("Mul", [x, graph.constant(f"{scope}.weight", norm.weight[:, None, None])], f"{scope}/scaled")
    return graph.node("Add", [x, graph.constant(f"{scope}.bias", norm.bias[:, None, None])], scope)


def _mean(graph, x, exact):
    if not exact:
        return graph.node("ReduceMean", [x], "head/pool", axes=[2, 3], keepdims=0)
    wide = graph.node("Cast", [x], "head/double", to=TensorProto.DOUBLE)
    wide = graph.node("ReduceMean", [wide], "head/mean", axes=[2, 3], keepdims=0)
    return graph.node("Cast", [wide], "head/pool", to=TensorProto.FLOAT)
