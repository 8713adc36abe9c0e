"""Trains the expression net on FER+ faces and writes analysis/models/expression/.

    npm run train -- faces --data D          (runs: /usr/bin/python3 analysis/training/faces.py --data D)

D holds {train,valid}-images.u8.gz (N x 48 x 48 bytes) and {train,valid}-votes.csv. Debian's python3-torch, CPU only.
Three nets, one after the other, each wider in its later layers: what the earlier ones say of the training faces, plain and mirrored, softens the labels of the
next, and the last one is committed. A checkpoint an epoch is saved in --work; started again, it goes on from there.

Splits: the `valid` file is the test; nothing is chosen on it, and it is read by `npm run evaluate` alone. A sixteenth of `train`,
by groups of near-copies, is the development split: the temperature and the class offsets are fitted there.
"""

import argparse
import csv
import gzip
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

CLASSES = ["happiness", "sadness", "anger", "fear", "surprise", "disgust", "neutral"]
NAME = "expression-ferplus-3"
ALIKE = 0.95  # a correlation of signatures: from there on faces are near-copies
INPUT = 44  # the net sees the middle 44 of 48 pixels: augmentation moves faces by as much, and it costs a sixth less
INPUT_STEP = 2.5 / 256  # of the normalised grey values, which lie within +-2.5
INPUT_SHIFT = 256  # what the kernel, which takes no negative numbers, adds to them and takes off again with the bias
# channels at 44, 22, 11, 6 and 3 pixels, and epochs, of the nets trained one after the other: the last one is committed
NETS = [((16, 32, 64, 128, 256), 50), ((20, 40, 80, 160, 320), 40), ((16, 48, 96, 192, 384), 84)]
MIRROR_BELOW = 0.95  # of a face that leaves the net less sure, the mirror image is looked at too: half of the faces, and no answer changes by the rest
TOP_RATE = 0.1
SEED = 1
BATCH = 96
CLEAN_FROM = 0.86  # from this share of the schedule on faces are no longer mixed: the last epochs see what the net will see


def read_split(folder, name):
    with gzip.open(os.path.join(folder, f"{name}-images.u8.gz")) as f:
        images = np.frombuffer(f.read(), np.uint8).reshape(-1, 48, 48)
    with open(os.path.join(folder, f"{name}-votes.csv")) as f:
        rows = list(csv.DictReader(f))
    votes = np.array([[int(r[c]) for c in CLASSES] for r in rows], np.float32)
    total = np.array([sum(int(v) for v in r.values()) for r in rows], np.float32)
    assert len(images) == len(votes)
    return images, votes, total


def signature(images):
    """100 numbers a face: 4x4 means of the middle 40x40, without brightness and contrast. Their dot product is a correlation."""
    t = torch.from_numpy(images.astype(np.float32))[:, None, 4:44, 4:44]
    t = F.avg_pool2d(t, 4).flatten(1)
    t = t - t.mean(1, keepdim=True)
    return t / (t.norm(dim=1, keepdim=True) + 1e-6)


def near_copies(a, b, threshold=ALIKE):
    """Pairs (i, j) of signatures a[i], b[j] that correlate above the threshold, plain or mirrored."""
    weights = b[:, :, None, None].contiguous()
    pairs = []
    for mirrored in (False, True):
        q = a.view(-1, 10, 10).flip(2).reshape(len(a), 100) if mirrored else a
        for i in range(0, len(q), 1024):
            # a 1x1 convolution is the fast matrix product of a torch built without BLAS
            s = F.conv2d(q[i : i + 1024].t().reshape(1, 100, -1, 1).contiguous(), weights)[0, :, :, 0]
            j, k = torch.nonzero(s > threshold, as_tuple=True)
            pairs.append(torch.stack([k + i, j], 1))
    return torch.cat(pairs).numpy()


def groups_of(images):
    """A group number for each face; near-copies share one."""
    parent = list(range(len(images)))

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    s = signature(images)
    for i, j in near_copies(s, s):
        parent[root(int(i))] = root(int(j))
    return np.array([root(i) for i in range(len(images))])


def split_train(images, work):
    """True where a training face belongs to the development split."""
    path = os.path.join(work, "groups.npy")
    if not os.path.exists(path):
        np.save(path, groups_of(images))
    groups = np.load(path)
    in_dev = np.random.RandomState(7).rand(len(images)) < 1 / 16
    return in_dev[groups]


def write_test(data, out, alike):
    """The `valid` file without faces that correlate more than `alike` with a training face, as `npm run evaluate` takes it: the split of the model card."""
    images, _, _ = read_split(data, "train")
    test, _, _ = read_split(data, "valid")
    copies = set(near_copies(signature(test), signature(images), alike)[:, 0].tolist())
    kept = [i for i in range(len(test)) if i not in copies]
    with open(os.path.join(data, "valid-votes.csv")) as f:
        header, *rows = f.read().splitlines()
    os.makedirs(out, exist_ok=True)
    with gzip.open(os.path.join(out, "test-images.u8.gz"), "wb") as f:
        f.write(test[kept].tobytes())
    with open(os.path.join(out, "test-votes.csv"), "w") as f:
        f.write("\n".join([header, *(rows[i] for i in kept)]) + "\n")
    print(f"{len(kept)} of {len(test)} faces are no copies")


def targets_of(votes):
    """Soft labels; a class with a single vote of ten is taken for noise (Barsoum et al. 2016, FER+)."""
    kept = np.where(votes > 1, votes, 0)
    kept = np.where(kept.sum(1, keepdims=True) > 0, kept, votes)
    return kept / np.maximum(kept.sum(1, keepdims=True), 1)


class Layer(nn.Module):
    """Convolution 3x3 and batch norm, which fold into one convolution; with `stays`, the input is added before the ReLU."""

    def __init__(self, i, o, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, stride, 1, bias=False)
        self.bn = nn.BatchNorm2d(o)
        self.stays = i == o and stride == 1

    def forward(self, x):
        y = self.bn(self.conv(x))
        return F.relu(y + x if self.stays else y)

    def fold(self):
        scale = self.bn.weight / torch.sqrt(self.bn.running_var + self.bn.eps)
        return (self.conv.weight * scale[:, None, None, None]).detach(), (self.bn.bias - self.bn.running_mean * scale).detach()


class Net(nn.Module):
    def __init__(self, widths):
        super().__init__()
        v, w, x, y, z = widths
        self.layers = nn.Sequential(
            Layer(1, v),
            Layer(v, w, 2),
            Layer(w, w),
            Layer(w, x, 2),
            Layer(x, x),
            Layer(x, y, 2),
            Layer(y, y),
            Layer(y, y),
            Layer(y, z, 2),
            Layer(z, z),
        )
        self.drop = nn.Dropout(0.3)
        self.head = nn.Linear(z, len(CLASSES))

    def forward(self, x):
        return self.head(self.drop(self.layers(x).mean((2, 3))))


def normalise(x):
    """Per face: (x - mean) / (std + 0.05) / 2 of values 0..1, over all 48x48 pixels."""
    m = x.mean((1, 2, 3), keepdim=True)
    s = x.std((1, 2, 3), unbiased=False, keepdim=True)
    return (x - m) / (s + 0.05) / 2


def augment(x, g):
    """Mirror, turn, scale, shear, move; gamma, blur, noise; a blank square. Takes 48x48 of 0..1, gives INPUT x INPUT normalised."""
    n = len(x)
    u = lambda lo, hi: torch.rand(n, generator=g) * (hi - lo) + lo
    turn, sx, sy, shear = u(-0.22, 0.22), u(0.85, 1.15), u(0.85, 1.15), u(-0.1, 0.1)
    mirror = torch.where(torch.rand(n, generator=g) < 0.5, -1.0, 1.0)
    c, s, k = torch.cos(turn), torch.sin(turn), INPUT / 48
    theta = torch.stack(
        [
            torch.stack([c * sx * mirror * k, (shear - s) * sy * k, u(-0.09, 0.09)], 1),
            torch.stack([s * sx * mirror * k, c * sy * k, u(-0.09, 0.09)], 1),
        ],
        1,
    )
    x = x.clamp(1e-3, 1) ** torch.exp(u(-0.4, 0.4))[:, None, None, None]
    x = F.grid_sample(normalise(x), F.affine_grid(theta, (n, 1, INPUT, INPUT), align_corners=False), padding_mode="border", align_corners=False)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    x = torch.where(torch.rand(n, 1, 1, 1, generator=g) < 0.2, blurred, x)
    x = x + torch.randn(x.shape, generator=g) * (torch.rand(n, 1, 1, 1, generator=g) < 0.3) * 0.05
    at = torch.arange(INPUT)[None]
    cx, cy, half = u(0, INPUT)[:, None], u(0, INPUT)[:, None], u(4, 9)[:, None]
    hole = ((at - cx).abs() < half)[:, None, None, :] & ((at - cy).abs() < half)[:, None, :, None]
    return torch.where(hole & (torch.rand(n, 1, 1, 1, generator=g) < 0.5), torch.zeros(()), x)


def centre(x):
    e = (48 - INPUT) // 2
    return normalise(x)[:, :, e : 48 - e, e : 48 - e]


@torch.no_grad()
def logits_of(net, x):
    net.eval()
    out = []
    for i in range(0, len(x), 512):
        out.append(net(centre(x[i : i + 512].float()[:, None] / 255)))
    return torch.cat(out)


def figures(logits, votes):
    """Accuracy, balanced accuracy and recalls on clear faces (more than 5 of 10 votes)."""
    clear = votes.max(1) > 5
    truth, guess = votes.argmax(1)[clear], logits.argmax(1).numpy()[clear]
    recalls = [float((guess[truth == c] == c).mean()) if (truth == c).any() else float("nan") for c in range(7)]
    return {"n": int(clear.sum()), "accuracy": float((truth == guess).mean()), "balanced": float(np.nanmean(recalls)), "recalls": np.round(recalls, 3).tolist()}


def softened(labels, teachers, faces):
    """The mean of the labels and what trained nets say of a face and its mirror image: ten votes are few, and they have seen many faces like this one."""
    said = [(logits_of(t, faces) + logits_of(t, faces.flip(2))) / 2 for t in teachers]
    return (labels + torch.stack(said).softmax(2).mean(0)) / 2


def train(data, path, widths, epochs, teachers):
    """The running mean of the net's weights after `epochs`; a checkpoint at `path`."""
    images, votes, total, in_dev = data
    keep = ~in_dev & (votes.sum(1) >= 3)
    x, y = torch.from_numpy(images[keep].copy()), torch.from_numpy(targets_of(votes[keep]))
    # a face that many taggers gave to no class of ours counts less
    weight = torch.from_numpy(votes[keep].sum(1) / total[keep])
    dev_x, dev_votes = torch.from_numpy(images[in_dev].copy()), votes[in_dev]
    # rare classes are drawn more often: by the square root of how rare, weighted by their share of the votes
    share = y.mean(0)
    draw = (y * (1 / share).sqrt()).sum(1)
    if teachers:
        y = softened(y, teachers, x)
    torch.manual_seed(SEED)
    g = torch.Generator().manual_seed(SEED)
    net, mean = Net(widths).to(memory_format=torch.channels_last), Net(widths)
    mean.load_state_dict(net.state_dict())
    decay = [p for p in net.parameters() if p.dim() > 1]
    plain = [p for p in net.parameters() if p.dim() == 1]
    opt = torch.optim.SGD([{"params": decay, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0}], lr=TOP_RATE, momentum=0.9, nesterov=True)
    start = 0
    if os.path.exists(path):
        saved = torch.load(path)
        start = saved["epoch"]
        net.load_state_dict(saved["net"]), mean.load_state_dict(saved["mean"]), opt.load_state_dict(saved["opt"]), g.set_state(saved["chance"])
    steps = len(x) // BATCH
    for epoch in range(start, epochs):
        net.train()
        began, losses = time.time(), 0.0
        order = torch.multinomial(draw, steps * BATCH, replacement=True, generator=g).view(steps, BATCH)
        for k, i in enumerate(order):
            p = (epoch + k / steps) / epochs
            rate = TOP_RATE * min(1, p * epochs / 1.5) * 0.5 * (1 + math.cos(math.pi * p)) + 1e-5
            for group in opt.param_groups:
                group["lr"] = rate
            b, t, w = augment(x[i].float()[:, None] / 255, g), y[i], weight[i]
            if p < CLEAN_FROM and torch.rand((), generator=g) < 0.25:  # mixup
                lam = float(np.clip(torch.rand((), generator=g), 0.05, 0.95))
                o = torch.randperm(BATCH, generator=g)
                b, t, w = lam * b + (1 - lam) * b[o], lam * t + (1 - lam) * t[o], lam * w + (1 - lam) * w[o]
            z = net(b.contiguous(memory_format=torch.channels_last))
            loss = -(t * z.log_softmax(1)).sum(1)
            loss = (loss * w).sum() / w.sum()
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            losses += float(loss.detach())
            keep_share = min(0.999, (1 + epoch * steps + k) / (10 + epoch * steps + k))
            with torch.no_grad():
                for a, c in zip(mean.state_dict().values(), net.state_dict().values()):
                    a.copy_(c) if a.dtype == torch.long else a.mul_(keep_share).add_(c, alpha=1 - keep_share)
        torch.save({"epoch": epoch + 1, "net": net.state_dict(), "mean": mean.state_dict(), "opt": opt.state_dict(), "chance": g.get_state()}, path + ".part")
        os.replace(path + ".part", path)
        f = figures(logits_of(mean, dev_x), dev_votes)
        print(epoch + 1, f"loss {losses / steps:.4f}", json.dumps(f), f"{time.time() - began:.0f} s", flush=True)
    return mean


class Whole:
    """
    The net in whole numbers, as it is committed: weights -127..127 with a step for each output, outputs 0..127 with a step for each layer, which is
    a 127th of the largest output of 2,000 training faces. Jacob et al. 2018, with the range of an unsigned byte halved: what WebAssembly's dot product takes.
    Every number is rounded where the product's own program rounds it, so that both find the same outputs.
    """

    @torch.no_grad()
    def __init__(self, net, faces):
        net.eval()
        self.layers, h, step = [], centre(faces[:2000].float()[:, None] / 255), INPUT_STEP
        for layer in net.layers:
            w, b = layer.fold()
            # the kernel takes eight outputs at once: those that are missing are zero
            w = F.pad(w, (0, 0, 0, 0, 0, h.shape[1] - w.shape[1], 0, -len(w) % 8))
            b = F.pad(b, (0, -len(b) % 8))
            steps = w.abs().amax((1, 2, 3)).clamp(min=1e-6) / 127
            y = F.conv2d(h, w, b, layer.conv.stride, 1)
            h = F.relu(y + h if layer.stays else y)
            whole, from_step, step = (w / steps[:, None, None, None]).round(), step, float(h.max()) / 127
            factors, biases = (steps.double() * from_step / step).float(), (b.double() / step).float()
            added = torch.tensor(from_step / step if layer.stays else 0.0, dtype=torch.float32)
            self.layers.append({"weights": whole, "steps": steps, "bias": b, "stride": layer.conv.stride[0], "adds": layer.stays, "step": step})
            self.layers[-1].update(factors=factors, biases=biases, added=added)
        self.weight, self.bias = F.pad(net.head.weight.detach(), (0, -net.head.weight.shape[1] % 8)), net.head.bias.detach()

    def features(self, x):
        # single precision, ties up
        h = (centre(x.double()[:, None] / 255).float().double() / INPUT_STEP + 0.5).floor().clamp(-256, 252).float()
        shift = INPUT_SHIFT
        for layer in self.layers:
            # whole numbers, in the committed net below 2^24: exact
            sums = layer["weights"].sum((1, 2, 3)) * shift
            y = F.conv2d(h, layer["weights"], None, layer["stride"], 1) + sums[:, None, None]
            biases = (layer["biases"].double() - layer["factors"].double() * sums).float()
            y = y * layer["factors"][:, None, None] + biases[:, None, None]
            h, shift = (y + h * layer["added"] if layer["adds"] else y).round().clamp(0, 127), 0
        return h.mean((2, 3)) * self.layers[-1]["step"]

    @torch.no_grad()
    def logits(self, faces, mirror_below=MIRROR_BELOW):
        """Of a face's features; where they leave the net less sure than `mirror_below`, of the mean of them and its mirror image's."""
        seen = []
        for x in faces.split(512):
            one = self.features(x)
            sure = F.linear(one, self.weight, self.bias).softmax(1).amax(1, keepdim=True) >= mirror_below
            seen.append(torch.where(sure, one, (one + self.features(x.flip(2))) / 2))
        return F.linear(torch.cat(seen), self.weight, self.bias)


def calibrate(z, votes):
    """Temperature and class offsets on clear faces; a class with under 30 of them (fear, disgust) keeps offset 0."""
    clear = votes.max(1) > 5
    z, truth = z[clear], torch.from_numpy(votes.argmax(1)[clear])
    log_t, offset = torch.zeros((), requires_grad=True), torch.zeros(7, requires_grad=True)
    enough = (torch.bincount(truth, minlength=7) >= 30).float()
    opt = torch.optim.LBFGS([log_t, offset], max_iter=200)

    def step():
        opt.zero_grad()
        loss = F.cross_entropy(z / log_t.exp() + offset * enough, truth) + 0.02 * (offset**2).sum()
        loss.backward()
        return loss

    opt.step(step)
    return float(log_t.exp()), (offset * enough).detach()


def export(net, data, out):
    """
    weights.bin, little-endian. Of each convolution: float32 steps and biases of its outputs, int8 weights as [rows][columns][in][out].
    Of the dense layer: float32 weights as [in][out], biases. net.json says the shapes and the layers' steps.
    """
    images, votes, _, in_dev = data
    whole = Whole(net, torch.from_numpy(images[~in_dev].copy()))
    dev = torch.from_numpy(images[in_dev].copy())
    temperature, offset = calibrate(whole.logits(dev, mirror_below=math.inf), votes[in_dev])
    whole.weight, whole.bias = whole.weight / temperature, whole.bias / temperature + offset
    print("whole numbers, the mirror image where in doubt", json.dumps(figures(whole.logits(dev), votes[in_dev])))
    layers, parts = [], []
    for layer in whole.layers:
        w = layer["weights"].permute(2, 3, 1, 0)
        layers.append({"type": "convolution", "kernel": list(w.shape), "stride": layer["stride"], "padding": 1, "adds_input": layer["adds"], "activation": "relu", "step": layer["step"]})
        parts += [layer["steps"].numpy().astype("<f4"), layer["bias"].numpy().astype("<f4"), w.contiguous().numpy().astype("i1")]
    layers += [{"type": "mean"}, {"type": "dense", "kernel": [whole.weight.shape[1], whole.weight.shape[0]]}]
    parts += [whole.weight.t().contiguous().numpy().astype("<f4"), whole.bias.numpy().astype("<f4")]
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "weights.bin"), "wb") as f:
        f.write(b"".join(p.tobytes() for p in parts))
    i = np.arange(48 * 48)
    generated = torch.from_numpy(np.stack([(i * k + (i // 48) ** 2 * 3) % 256 for k in (7, 13)]).reshape(2, 48, 48))
    check = np.round(whole.logits(generated).softmax(1).numpy(), 4).tolist()
    about = {"name": NAME, "format": "int8", "input": [48, 48, 1], "crop": INPUT, "input_step": INPUT_STEP, "mirror_below": MIRROR_BELOW, "classes": CLASSES, "layers": layers, "check": check}
    with open(os.path.join(out, "net.json"), "w") as f:
        json.dump(about, f, indent=2)
        f.write("\n")
    print("temperature", temperature, "offsets", np.round(offset.numpy(), 3).tolist(), "numbers", sum(p.size for p in parts))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    args = argparse.ArgumentParser()
    args.add_argument("--data", required=True)
    args.add_argument("--out", default=os.path.join(here, "../models/expression"))
    args.add_argument("--work", default=None, help="checkpoints; default: analysis/.tmp")
    args.add_argument("--epochs", type=int, default=None, help="of each net, at most")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--write-test", default=None, metavar="FOLDER", help="write the test split without near-copies there, and train nothing")
    args.add_argument("--alike", type=float, default=ALIKE, help="with --write-test: what counts as a near-copy")
    a = args.parse_args()
    work = a.work or os.path.join(here, "../.tmp")
    os.makedirs(work, exist_ok=True)
    torch.set_num_threads(a.threads)
    if a.write_test:
        return write_test(a.data, a.write_test, a.alike)
    images, votes, total = read_split(a.data, "train")
    data = (images, votes, total, split_train(images, work))
    nets = []
    for number, (widths, epochs) in enumerate(NETS, 1):
        epochs = min(epochs, a.epochs or epochs)
        # another schedule is another net
        nets.append(train(data, os.path.join(work, f"net-{number}-of-{epochs}.pt"), widths, epochs, nets))
    export(nets[-1], data, a.out)


if __name__ == "__main__":
    main()
