"""Writes published-rules.golden.json: momentum rules on f(x) = 1/2 (x1^2 + 0.1 x2^2).

Each rule is written out coordinate by coordinate from its published definition, in Python floats.

Run: python3 published-rules.py > published-rules.golden.json
"""

import hashlib
import json
import math
import pathlib

STEPS = [1, 2, 5, 10]
START = [1.0, -2.0]


def grad(i, x):
    return x if i == 0 else 0.1 * x


def run(rule):
    """Values of both coordinates after STEPS; a rule is a generator function of (i, x0)."""
    columns = []
    for i, x0 in enumerate(START):
        points = rule(i, x0)
        columns.append([next(points) for _ in range(max(STEPS))])
    return {str(t): [columns[0][t - 1], columns[1][t - 1]] for t in STEPS}


def general_momentum(gamma1, gamma2, gamma3, delta):
    def rule(i, x):
        y, t = 0.0, 0
        while True:
            g = grad(i, x)
            y = (1 - delta(t)) * y + gamma1 * g
            x = x - gamma2 * g - gamma3(t) * y
            t += 1
            yield x

    return rule


def effective_dimension_weight(spectrum, allowed, delta, gamma2=0.1):
    def gamma3(t):
        x = delta(t) / gamma2
        n_eff = sum(modes * value / (value + x) for value, modes in spectrum)
        return gamma2 * allowed / max(allowed, n_eff)

    return gamma3


def schedule_free(which, lr=0.1, b=0.9):
    def rule(i, x0):
        x = y = z = x0
        t = 0
        while True:
            z = z - lr * grad(i, y)
            t += 1
            x = (1 - 1 / t) * x + z / t
            y = b * x + (1 - b) * z
            yield {"x": x, "y": y}[which]

    return rule


def schedule_free_adamw(lr=0.1, b=0.9, beta2=0.99, eps=1e-8, decay=0.05):
    def rule(i, x0):
        x = y = z = x0
        v = weight_sum = largest = 0.0
        t = 0
        while True:
            t += 1
            g = grad(i, y)
            v = beta2 * v + (1 - beta2) * g * g
            rate = lr * math.sqrt(1 - beta2**t)
            largest = max(largest, rate)
            weight_sum += largest**2
            c = largest**2 / weight_sum
            z = z - rate * g / (math.sqrt(v) + eps) - rate * decay * y
            x = (1 - c) * x + c * z
            y = b * x + (1 - b) * z
            yield x

    return rule


def adana(star=False, clip=math.inf, lr=0.01, kappa=0.85, d=8, eps=1e-8, wd=0.0, wd_ts=None):
    def rule(i, x):
        m = v = tau = 0.0
        s = 0
        while True:
            s += 1
            g = grad(i, x)
            a = d / (d + s)
            m += a * (g - m)
            v = (1 - a) * v + a * g * g
            sign = (m > 0) - (m < 0)
            if star:
                tau += a * (abs(g) / (abs(g) + math.sqrt(v) + eps) - tau)
                p = min(tau, 0.5) / (1 - min(tau, 0.5))
                tr = max(p, 1 / (1 + s))
                n = math.sqrt(tr) / (math.sqrt(v) + eps)
                big = min(max(tau * s, 1) ** (1 - kappa) * abs(m) * n / tr, clip)
                x -= lr * g * n + lr * sign * (tr * big + abs(m) * n)
            else:
                n = 1 / (math.sqrt(v) + eps)
                big = min((1 + s) ** (1 - kappa) * abs(m) * n, clip)
                x -= lr * g * n + lr * (sign * big + m * n)
            if wd:
                x *= 1 - wd * (1 if wd_ts is None else 1 / (1 + s / wd_ts))
            yield x

    return rule


def tf_rmsprop(lr=0.01, rho=0.95, eps=0.01):
    def rule(i, x):
        m = s = 0.0
        while True:
            g = grad(i, x)
            m = rho * m + (1 - rho) * g
            s = rho * s + (1 - rho) * g * g
            x -= lr * g / math.sqrt(s - m * m + eps)
            yield x

    return rule


bounded = lambda t: 8 / (8 + t)
paper = lambda t: 8 / (1 + t)
cases = {
    "danaDecaying": general_momentum(1, 0.1, lambda t: 0.05 * (1 + t) ** -0.5, bounded),
    "danaConstant": general_momentum(1, 0.1, lambda t: 0.01, bounded),
    "danaPaperForgetting": general_momentum(1, 0.1, lambda t: 0.01, paper),
    "danaEffectiveDimension": general_momentum(
        1, 0.1, effective_dimension_weight([(1, 1), (0.1, 1)], 0.02, bounded), bounded
    ),
    "danaEffectiveDimensionPaperForgetting": general_momentum(
        1, 0.1, effective_dimension_weight([(1, 1), (0.1, 3)], 4 * 0.005, paper), paper
    ),
    "heavyBallAsGeneralMomentum": general_momentum(1, 0, lambda t: 0.1, lambda t: 0.1),
    "nesterovAsGeneralMomentum": general_momentum(1, 0.1, lambda t: 0.09, lambda t: 0.1),
    "scheduleFreeSgdX": schedule_free("x"),
    "scheduleFreeSgdY": schedule_free("y"),
    "scheduleFreeAdamWX": schedule_free_adamw(),
    "adana": adana(),
    "adanaDecayingWeightDecay": adana(wd=0.01, wd_ts=1),
    "danaMk4": adana(clip=1),
    "danaStar": adana(star=True),
    "danaStarMk4": adana(star=True, clip=1),
    "centredRmsPropEpsilonInRoot": tf_rmsprop(),
}
print(
    json.dumps(
        {
            "provenance": {
                "oracle": "derivation",
                "producer": "Python floats, one coordinate at a time",
                "script": "published-rules.py",
                "scriptSha256": hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest(),
                "command": "python3 published-rules.py > published-rules.golden.json",
                "seed": None,
                "dtype": "float64",
                "date": "2026-11-23",
                "embodies": "DANA: arXiv 2505.16098; ADANA, Dana-Star and their MK4 clips: arXiv "
                "2602.05298; Schedule-Free: Defazio et al. 2024; centred RMSProp with epsilon in "
                "the root: TensorFlow",
                "tolerance": "1e-12: 10 steps of a few float64 roundings in another order",
            },
            "cases": {name: run(rule) for name, rule in cases.items()},
        },
        indent=2,
    )
)
