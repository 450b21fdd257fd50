"""What PyTorch computes for the cases of golden.test.ts: reads a list of cases as JSON, writes a list of lists."""
import json
import sys

import torch
import torch.nn.functional as F


def tensor(value):
    return torch.tensor(value["values"], dtype=torch.float32).reshape(value["shape"])


def images(value):
    return tensor(value).permute(0, 3, 1, 2).contiguous().requires_grad_()


def channels_last(x):
    return x.detach().permute(0, 2, 3, 1)


def convolution(x, filter, stride, padding, dilation, groups, dy):
    x = images(x)
    height, width, channels, multiplier = filter["shape"]
    weight = tensor(filter).permute(3, 2, 0, 1)
    if groups > 1:  # depthwise: [h, w, in, multiplier] -> [in * multiplier, 1, h, w]
        weight = tensor(filter).permute(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    weight = weight.contiguous().requires_grad_()
    top, bottom, left, right = padding
    y = F.conv2d(F.pad(x, (left, right, top, bottom)), weight, stride=stride, dilation=dilation, groups=groups)
    y.backward(tensor(dy).permute(0, 3, 1, 2))
    if groups > 1:
        d_filter = weight.grad.reshape(channels, multiplier, height, width).permute(2, 3, 0, 1)
    else:
        d_filter = weight.grad.permute(2, 3, 1, 0)
    return [channels_last(y), channels_last(x.grad), d_filter]


def batch_norm(x, scale, offset, epsilon, dy):
    x = images(x)
    scale, offset = tensor(scale).requires_grad_(), tensor(offset).requires_grad_()
    y = F.batch_norm(x, None, None, scale, offset, training=True, eps=epsilon)
    y.backward(tensor(dy).permute(0, 3, 1, 2))
    mean, variance = x.detach().mean((0, 2, 3)), x.detach().var((0, 2, 3), unbiased=False)
    return [channels_last(y), mean, variance, channels_last(x.grad), scale.grad, offset.grad]


def crop_and_resize(x, boxes, owners, size, mode):
    x, boxes = images(x).detach()[owners], tensor(boxes)
    steps = [torch.linspace(0, 1, extent) for extent in size]
    rows = boxes[:, 0:1] + (boxes[:, 2:3] - boxes[:, 0:1]) * steps[0]
    columns = boxes[:, 1:2] + (boxes[:, 3:4] - boxes[:, 1:2]) * steps[1]
    shape = (len(boxes), *size)
    grid = torch.stack([columns[:, None, :].expand(shape), rows[:, :, None].expand(shape)], -1) * 2 - 1
    return [channels_last(F.grid_sample(x, grid, mode=mode, align_corners=True))]


cases = json.load(sys.stdin)
results = [globals()[case.pop("function")](**case) for case in cases]
json.dump([[part.flatten().tolist() for part in result] for result in results], sys.stdout)
