"""Trains the stress proxy: `npm run train -- voice --data D [--features F]`. Needs Debian's python3-sklearn and python3-matplotlib, Node 24 and ffmpeg.

D, or `voice/` in it, holds `emodb-full/` and `cremad/`, each with `labels.csv` and `audio/`. The features come from the product's own TypeScript (voice-features.ts); F keeps them
for the next run. Writes analysis/models/stress/stress.json and docs/models/stress-reliability.svg and prints the figures of the model card as one JSON line.
"""
import argparse, csv, hashlib, json, os, subprocess, tempfile
import matplotlib
matplotlib.use('svg')
import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FOLDERS = {'emodb': 'emodb-full', 'cremad': 'cremad'}
STRENGTH = 0.01        # inverse of the ridge, as scikit-learn's C; each class of each corpus weighs as 500 clips
UNCONFIRMED = 0.5      # weight of a CREMA-D clip whose listeners did not hear what the actor meant
CONFIRMED = 0.2        # lead of the listeners' share for the meant side
PRIOR_CLIPS = 2        # clips that the mean of all speakers counts for beside a speaker's own
FAR = 4                # as in stress.ts
# One speaker in ten, drawn once before anything was tried; nothing was chosen by them.
HELD_OUT = ['emodb 15'] + [f'cremad {number}' for number in (1033, 1037, 1062, 1066, 1076, 1081, 1085, 1089, 1091)]


def read(data, path):
    labels = {}
    for corpus, folder in FOLDERS.items():
        with open(os.path.join(data, folder, 'labels.csv')) as file:
            for row in csv.DictReader(file):
                labels[corpus, row['file']] = row
    rows = []
    with open(path) as file:
        for line in file:
            row = json.loads(line)
            if row['features'] is not None:
                rows.append((row, labels[row['corpus'], row['file']]))
    names = list(rows[0][0]['features'])
    t = lambda f: np.array([f(row, label) for row, label in rows])
    lead = lambda label: float(label['voice_share_anger_fear'] or 0) - float(label['voice_share_neutral_sad'] or 0)
    table = {
        'x': t(lambda row, _: [row['features'][name] for name in names]),
        'y': t(lambda _, label: float(label['stress_proxy'] or 'nan')),
        'corpus': t(lambda row, _: row['corpus']),
        'way': t(lambda row, _: row['way']),
        'speaker': t(lambda row, label: row['corpus'] + ' ' + label['speaker']),
        'emotion': t(lambda _, label: label['emotion']),
        'lead': t(lambda row, label: lead(label) if row['corpus'] == 'cremad' else (1 if label['stress_proxy'] == '1' else -1)),
    }
    table['confirmed'] = np.where(table['y'] == 1, table['lead'] > CONFIRMED, table['lead'] < -CONFIRMED)
    return names, table


def centred(t, pick):
    """Less the speaker's mean over their clean clips, and less what the way does to the corpus on the whole."""
    z = np.full_like(t['x'], np.nan)
    clean = pick & (t['way'] == 'clean')
    means = {s: t['x'][clean & (t['speaker'] == s)].mean(0) for s in set(t['speaker'][clean])}
    for corpus in FOLDERS:
        own = pick & (t['corpus'] == corpus)
        for i in np.where(own)[0]:
            z[i] = t['x'][i] - means[t['speaker'][i]]
        for way in set(t['way'][own]) - {'clean'}:
            some = own & (t['way'] == way)
            z[some] -= (z[some & (t['y'] == 1)].mean(0) + z[some & (t['y'] == 0)].mean(0)) / 2
    return z


def weights_of(t, pick):
    w = np.where(pick, np.where(t['confirmed'], 1.0, UNCONFIRMED), 0.0)
    for corpus in FOLDERS:
        for label in (0, 1):
            own = pick & (t['corpus'] == corpus) & (t['y'] == label)
            if own.any():
                w[own] *= 500 / w[own].sum()
    return w


def fit(z, t, pick, strength=STRENGTH):
    w = weights_of(t, pick)
    model = LogisticRegression(C=strength, max_iter=2000).fit(z[pick], t['y'][pick], sample_weight=w[pick])
    return model.coef_[0], model.intercept_[0]


def offsets(t, r, pick):
    """Where each speaker's middle lies in each way of recording: what a model without the speaker's mean must not care about."""
    rows = []
    for speaker in sorted(set(t['speaker'][pick])):
        for way in sorted(set(t['way'])):
            own = [pick & (t['speaker'] == speaker) & (t['way'] == way) & (t['y'] == label) for label in (0, 1)]
            if min(mask.sum() for mask in own) > 0:
                rows.append((r[own[0]].mean(0) + r[own[1]].mean(0)) / 2)
    return np.cov(np.array(rows).T)


def fit_raw(r, t, pick, chance):
    """Each clip stands in the training ten times, each time as if from another speaker and microphone."""
    covariance = offsets(t, r, pick)
    w = weights_of(t, pick)[pick]
    x = np.concatenate([r[pick] + chance.multivariate_normal(np.zeros(r.shape[1]), covariance, pick.sum()) for _ in range(10)])
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(x, np.tile(t['y'][pick], 10), sample_weight=np.tile(w / 10, 10))
    return model.coef_[0], model.intercept_[0]


def slope_of(parts):
    """One factor on the logits that calibrates them; each part weighs the same, each with both classes."""
    logits = np.concatenate([logit for logit, _ in parts])
    y = np.concatenate([label for _, label in parts])
    w = np.concatenate([np.full(len(label), 1 / len(label)) for _, label in parts])
    grid = np.geomspace(0.1, 10, 400)
    losses = [np.sum(w * np.logaddexp(0, np.where(y == 1, -1, 1) * logits * factor)) for factor in grid]
    return float(grid[int(np.argmin(losses))])


def figures(logit, y):
    n, right = len(y), ((logit > 0) == (y == 1))
    accuracy, z = right.mean(), 1.959964
    middle, reach = (accuracy + z * z / (2 * n)) / (1 + z * z / n), z / (1 + z * z / n) * np.sqrt(accuracy * (1 - accuracy) / n + z * z / (4 * n * n))
    p = 1 / (1 + np.exp(-logit))
    bins = np.minimum(14, (p * 15).astype(int))
    ece = sum(abs((y - p)[bins == b].sum()) for b in range(15)) / n
    return {'n': int(n), 'accuracy': round(accuracy, 4), 'ci95': [round(middle - reach, 4), round(middle + reach, 4)],
            'balanced_accuracy': round((right[y == 1].mean() + right[y == 0].mean()) / 2, 4), 'auc': round(roc_auc_score(y, logit), 4), 'ece': round(ece, 4)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', required=True)
    parser.add_argument('--features')
    args = parser.parse_args()
    if os.path.isdir(os.path.join(args.data, 'voice')):
        args.data = os.path.join(args.data, 'voice')
    path = args.features or os.path.join(tempfile.mkdtemp(prefix='voice-'), 'features.jsonl')
    if not os.path.exists(path):
        subprocess.run(['node', os.path.join(HERE, 'voice-features.ts'), '--data', args.data, '--out', path], check=True)
    names, t = read(args.data, path)
    chance = np.random.RandomState(1)
    labelled, clean, held = ~np.isnan(t['y']), t['way'] == 'clean', np.isin(t['speaker'], HELD_OUT)
    train = labelled & ~held
    corpus = {name: t['corpus'] == name for name in FOLDERS}

    z = centred(t, train)
    some = {name: train & clean & corpus[name] for name in FOLDERS}
    spread = np.sqrt(sum(z[mask].var(0) for mask in some.values()) / 2)
    z = np.clip(z / spread, -FAR, FAR)
    # Kept: what points the same way in both corpora, and clearly. The cosine coefficients say what the tilts say, less evenly; what is read off
    # counted syllables adds nothing, and without it the weights do not hang on how they are counted.
    area = np.array([[roc_auc_score(t['y'][m], z[m, j]) - 0.5 for m in (some['emodb'], some['cremad'] & t['confirmed'])] for j in range(len(names))])
    keep = [j for j in range(len(names)) if area[j].prod() > 0 and np.abs(area[j]).min() > 0.08 and not names[j].startswith(('cepstrum', 'syllable'))]
    z, spread, x = z[:, keep], spread[keep], t['x'][:, keep]
    middle = sum((x[m & (t['y'] == 0)].mean(0) + x[m & (t['y'] == 1)].mean(0)) / 2 for m in some.values()) / 2
    r = np.clip((x - middle) / spread, -FAR, FAR)

    report = {'features': [names[j] for j in keep]}
    across = {'own': [], 'raw': []}
    for one, other in (('emodb', 'cremad'), ('cremad', 'emodb')):
        own, raw = fit(z, t, train & corpus[one]), fit_raw(r, t, train & corpus[one], chance)
        target = some[other]
        across['own'].append((z[target] @ own[0] + own[1], t['y'][target]))
        across['raw'].append((r[target] @ raw[0] + raw[1], t['y'][target]))
        report[f'{one}_to_{other}'] = {'own': figures(*across['own'][-1]), 'raw': figures(*across['raw'][-1])}
        if other == 'cremad':
            sure = t['confirmed'][target]
            report['emodb_to_cremad_confirmed'] = {'own': figures(across['own'][0][0][sure], across['own'][0][1][sure]), 'raw': figures(across['raw'][0][0][sure], across['raw'][0][1][sure])}
    slopes = {name: slope_of(parts) for name, parts in across.items()}
    report['slopes'] = slopes

    # Leave speakers out: eight folds over the speakers of both corpora.
    speakers = sorted(set(t['speaker'][train]))
    chance.shuffle(speakers)
    unseen = np.zeros(len(t['y']))
    for fold in range(8):
        out = np.isin(t['speaker'], speakers[fold::8])
        weights, bias = fit(z, t, train & ~out)
        unseen[out & train] = z[out & train] @ weights + bias
    report['speakers_out'] = {f'{name} {way}': figures(unseen[m] * slopes['own'], t['y'][m])
                              for name in FOLDERS for way in sorted(set(t['way']))
                              for m in [train & corpus[name] & (t['way'] == way)] if m.sum() > 50}

    (own, own_bias), (raw, raw_bias) = fit(z, t, train), fit_raw(r, t, train, chance)
    own, own_bias, raw, raw_bias = (value * slopes[name] for name, value in (('own', own), ('own', own_bias), ('raw', raw), ('raw', raw_bias)))
    rounded = lambda values: [float(f'{value:.5g}') for value in values]
    model = {'model': 'stress-2', 'features': report['features'], 'spread': rounded(spread),
             'raw': {'mean': rounded(middle), 'weights': rounded(raw), 'bias': rounded([raw_bias])[0]},
             'own': {'prior_clips': PRIOR_CLIPS, 'weights': rounded(own), 'bias': rounded([own_bias])[0]}}
    with open(os.path.join(ROOT, 'analysis/models/stress/stress.json'), 'w') as file:
        file.write(json.dumps(model, indent=2) + '\n')

    update_sum()

    # From here on the held-out speakers are looked at: once, with what was written. Their mean is over labelled clips, drawn to all speakers' as in stress.ts.
    def against(clips):
        centre = (x[clips].sum(0) + PRIOR_CLIPS * middle) / (clips.sum() + PRIOR_CLIPS)
        return np.clip((x[clips] - centre) / spread, -FAR, FAR) @ own + own_bias
    for name in FOLDERS:
        logit = np.full(len(t['y']), np.nan)
        for speaker in set(t['speaker'][held & corpus[name]]):
            clips = held & clean & labelled & (t['speaker'] == speaker)
            logit[clips] = against(clips)
        m = ~np.isnan(logit)
        report[f'held_out_{name}'] = {'own': figures(logit[m], t['y'][m]), 'raw': figures(r[m] @ raw + raw_bias, t['y'][m])}
        if name == 'cremad':
            m &= t['confirmed']
            report['held_out_cremad_confirmed'] = {'own': figures(logit[m], t['y'][m])}

    report['flagged'] = flagged(t, x, middle, spread, own, own_bias, ~held & clean)
    report['within_person'] = within_person(t, names, ~held & clean)
    draw([(logit * slopes['own'], y) for logit, y in across['own']])
    print(json.dumps(report))


def update_sum():
    folder = os.path.join(ROOT, 'analysis/models')
    with open(os.path.join(folder, 'stress/stress.json'), 'rb') as file:
        line = f'{hashlib.sha256(file.read()).hexdigest()}  stress/stress.json\n'
    with open(os.path.join(folder, 'SHA256SUMS')) as file:
        others = [each for each in file if not each.endswith(' stress/stress.json\n')]
    with open(os.path.join(folder, 'SHA256SUMS'), 'w') as file:
        file.writelines([*others, line])


def flagged(t, x, middle, spread, own, bias, pick):
    """Share of each emotion's clips over 0.5 against the mean of the speaker's labelled clips."""
    shares = {}
    for corpus in FOLDERS:
        for emotion in sorted(set(t['emotion'][pick & (t['corpus'] == corpus)])):
            over = []
            for speaker in set(t['speaker'][pick & (t['corpus'] == corpus)]):
                own_clips = pick & (t['speaker'] == speaker) & ~np.isnan(t['y'])
                some = pick & (t['speaker'] == speaker) & (t['emotion'] == emotion)
                over += list(np.clip((x[some] - x[own_clips].mean(0)) / spread, -FAR, FAR) @ own + bias > 0)
            shares[f'{corpus} {emotion}'] = round(float(np.mean(over)), 3)
    return shares


def within_person(t, names, pick):
    """Standard deviation between clips of one speaker and one emotion, pooled, for the table of signals."""
    column = lambda name: t['x'][:, names.index(name)]
    signals = {'log pitch_median_hz': column('pitch_median') * np.log(2) / 12, 'log pitch_variance': 2 * np.log(column('pitch_sd')), 'speaking_rate': column('speaking_rate'),
               'log jitter_ratio': column('jitter'), 'log shimmer_ratio': column('shimmer'), 'hnr_db': column('hnr')}
    result = {}
    for name, values in signals.items():
        for corpus in FOLDERS:
            squares, count = 0, 0
            for speaker in set(t['speaker'][pick & (t['corpus'] == corpus)]):
                for emotion in set(t['emotion']):
                    own = values[pick & (t['speaker'] == speaker) & (t['emotion'] == emotion)]
                    if len(own) > 1:
                        squares, count = squares + own.var() * len(own), count + len(own) - 1
            result[f'{corpus} {name}'] = round(float(np.sqrt(squares / count)), 3)
    return result


def draw(parts):
    """Said against found on the corpus that the weights had not seen."""
    plt.rcParams['svg.hashsalt'] = 'stress'
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color='grey', linewidth=1)
    for (logit, y), name in zip(parts, ('EmoDB to CREMA-D', 'CREMA-D to EmoDB')):
        p = 1 / (1 + np.exp(-logit))
        bins = np.minimum(9, (p * 10).astype(int))
        points = [(p[bins == b].mean(), y[bins == b].mean(), (bins == b).sum()) for b in range(10) if (bins == b).sum() >= 5]
        said, found, count = map(np.array, zip(*points))
        axes.errorbar(said, found, yerr=1.96 * np.sqrt(found * (1 - found) / count + 1e-9), marker='o', capsize=3, label=name)
    axes.set(xlabel='stress proxy said', ylabel='share of acted anger and fear', title='Stress proxy on the unseen corpus', xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    os.makedirs(os.path.join(ROOT, 'docs/models'), exist_ok=True)
    figure.savefig(os.path.join(ROOT, 'docs/models/stress-reliability.svg'), metadata={'Date': None})


main()
