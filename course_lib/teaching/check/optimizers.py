"""The exercises of chapter 06. Each mistake is written out, so that it can be recognized by its numbers."""

import numpy as np

from course_lib.teaching.exercise import Exercise
from course_lib.teaching.judging.curves import Curve

_W, _G = np.array([1.0, -2.0, 0.5]), np.array([3.0, 0.1, -2.0])
_M, _V = np.array([0.5, -1.0, 0.2]), np.array([2.0, 0.3, 1.5])

# -- critical points -------------------------------------------------------------------------------

_SADDLE = np.array([[1.0, 2.0], [2.0, -2.0]])  # eigenvalues 2 and −3
_BOWL = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 4.0]])
_DOME = np.array([[-3.0, 1.0], [1.0, -1.0]])
_BENT = np.array([[-1.0, 0.5, 0.0], [0.5, 3.0, 1.0], [0.0, 1.0, -2.0]])  # two ways down, one up


def _eigen(H):
    return np.linalg.eigvalsh(H)


def _eigenvectors(H):
    return np.linalg.eigh(H)[1]


escape_curvature = Exercise(
    name="escape_curvature",
    minutes=5,
    difficulty="standard",
    reference=lambda H: min(_eigen(H)[0], 0.0),
    mistakes={
        "This is the smallest eigenvalue, also where it is positive. At a minimum there is no way out: 0.": (
            lambda H: _eigen(H)[0]
        ),
        "That is the largest eigenvalue. The way out bends down: take the smallest.": lambda H: _eigen(H)[-1],
        "The smallest entry of the diagonal is the curvature along an axis. Ask the eigenvalues.": (
            lambda H: min(np.min(np.diag(H)), 0.0)
        ),
        "The sign tells up from down. Do not take the size.": lambda H: abs(min(_eigen(H)[0], 0.0)),
        "That is the determinant. A maximum in two dimensions has a positive one too.": np.linalg.det,
        "That is the trace, the sum of all curvatures. One direction is enough: take the smallest.": (
            np.trace
        ),
    },
    cases=(
        (_SADDLE,),
        (_BOWL,),
        (_DOME,),
        (_BENT,),
        (np.array([[1.0, -0.5], [-0.5, 1.0]]),),
        (np.array([[2.0, 1.0], [1.0, 0.0]]),),
    ),
    right="Right: a negative eigenvalue is a way down, and its eigenvector says where.",
    hints=(
        "Along an eigenvector of H the curvature is its eigenvalue. Which of them is the steepest way down?",
        "np.linalg.eigvalsh gives the eigenvalues, the lowest first. Where the lowest is positive there is "
        "no way out, and the answer is 0.",
    ),
)

newton_step = Exercise(
    name="newton_step",
    minutes=5,
    difficulty="standard",
    reference=lambda g, H: -np.linalg.solve(H, g),
    mistakes={
        "This multiplies by H. The step is −H⁻¹g: solve Hp = −g.": lambda g, H: -H @ g,
        "The sign is turned: this walks away from the critical point.": lambda g, H: np.linalg.solve(H, g),
        "This divides by the diagonal alone. The rest of H turns the step.": lambda g, H: -g / np.diag(H),
        "Entry by entry there is no inverse: this gives a matrix. Use np.linalg.solve.": lambda g, H: -g / H,
        "This inverts each entry of H. The inverse of a matrix is another thing: use np.linalg.solve.": (
            lambda g, H: -(1 / np.where(H == 0, np.inf, H)) @ g
        ),
        "That is the gradient step. Where has the Hessian gone?": lambda g, H: -g,
        "This takes |λ| of each curvature, which mends the step at a saddle. Asked for is the plain one.": (
            lambda g, H: -_eigenvectors(H) @ (_eigenvectors(H).T @ g / np.abs(_eigen(H)))
        ),
    },
    cases=((np.array([2.0, -1.0]), _SADDLE), (_G, _BOWL), (_G, _BENT)),
    right="Right. On a quadratic this one step arrives, at whatever kind of critical point there is.",
    hints=(
        "After a step p the gradient is about g + Hp. For which p is that 0?",
        "Hp = −g is a system of linear equations. np.linalg.solve takes the matrix, then the right side.",
    ),
)

# -- momentum --------------------------------------------------------------------------------------


def _momentum(w, v, g, lr, beta, *, old=False, average=False, inner=False, sign=-1.0, forget=False):
    """One update of momentum, with the mistakes that learners make as options."""
    new = beta * (0 * v if forget else v) + (1 - beta if average else 1) * (lr * g if inner else g)
    return w + sign * (1 if inner == "once" else lr) * (v if old else new), new


def _path(answer):
    """30 steps of an answer in a long valley."""
    w, v, path = np.array([-4.0, 1.5]), np.zeros(2), []
    for _ in range(31):
        path.append(w)
        w, v = answer(w, v, np.array([1.0, 10.0]) * w, 0.04, 0.8)
    return np.transpose(path)


momentum_update = Exercise(
    name="momentum_update",
    minutes=4,
    difficulty="warm-up",
    returns=("w", "v"),
    curve=Curve(_path, "w₁", "w₂"),
    reference=_momentum,
    mistakes={
        "The weights move by the old velocity. Renew v first, then step.": (
            lambda *a: _momentum(*a, old=True)
        ),
        "This walks uphill: subtract η v.": lambda *a: _momentum(*a, sign=1.0),
        "This is an average, β v + (1 − β) g. Here v is a sum: β v + g.": lambda *a: _momentum(
            *a, average=True
        ),
        "The learning rate is in twice, once in v and once in the step.": lambda *a: _momentum(
            *a, inner=True
        ),
        "The learning rate is inside v, as Polyak wrote it. Here v holds gradients, and η waits outside.": (
            lambda *a: _momentum(*a, inner="once")
        ),
        "The velocity of before is lost: v ← β v + g.": lambda *a: _momentum(*a, forget=True),
        "v comes first here. Return w, then v.": lambda *a: _momentum(*a)[::-1],
        "This is v ← β v − η g, w ← w + v, as some texts have it. Here v ← β v + g, and w moves by −η v.": (
            lambda w, v, g, lr, beta: (w + beta * v - lr * g, beta * v - lr * g)
        ),
        "Both signs are in v: β v − g, and w + η v. Here v ← β v + g, and the minus stands before η v.": (
            lambda w, v, g, lr, beta: (w + lr * (beta * v - g), beta * v - g)
        ),
        "The new velocity is not handed back: return w and the new v, which the next update needs.": (
            lambda w, v, g, lr, beta: (w - lr * (beta * v + g), v)
        ),
        "This is w alone. Return v too: it is the memory that the next update needs.": (
            lambda *a: _momentum(*a)[0]
        ),
        "The learning rate is missing in the step: w moves by −η v.": (
            lambda w, v, g, lr, beta: (w - (beta * v + g), beta * v + g)
        ),
        "That is Nesterov's step, η (g + β v). Asked for is the plain one, η v.": (
            lambda w, v, g, lr, beta: (w - lr * (g + beta * (beta * v + g)), beta * v + g)
        ),
    },
    cases=((_W, _V, _G, 0.1, 0.9), (_W, -_M, 2 * _G, 0.5, 0.25)),
    right="Right: one more array, and one more line.",
    hints=(
        "Which of the two is renewed first, the velocity or the weights? Which v moves w?",
        "The new v is β times the old one, plus g. Then w moves by −η times the new v. Return both.",
    ),
)

best_settings = Exercise(
    name="best_settings",
    minutes=6,
    difficulty="standard",
    returns=("η", "β"),
    reference=lambda low, high: (
        (2 / (np.sqrt(low) + np.sqrt(high))) ** 2,
        ((np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))) ** 2,
    ),
    mistakes={
        "This β is the factor per step, √β. Square it.": lambda low, high: (
            (2 / (np.sqrt(low) + np.sqrt(high))) ** 2,
            (np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low)),
        ),
        "The roots are missing: these are the best settings without momentum, squared.": lambda low, high: (
            (2 / (low + high)) ** 2,
            ((high - low) / (high + low)) ** 2,
        ),
        "η is not squared yet.": lambda low, high: (
            2 / (np.sqrt(low) + np.sqrt(high)),
            ((np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))) ** 2,
        ),
        "This η is the best without momentum.": lambda low, high: (
            2 / (low + high),
            ((np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))) ** 2,
        ),
        "This is η alone. Return β too.": lambda low, high: (2 / (np.sqrt(low) + np.sqrt(high))) ** 2,
        "In η the 2 is not squared. (12) squares the whole fraction.": (
            lambda low, high: (
                2 / (np.sqrt(low) + np.sqrt(high)) ** 2,
                ((np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))) ** 2,
            )
        ),
        "β comes first here. Return η, then β.": lambda low, high: (
            ((np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))) ** 2,
            (2 / (np.sqrt(low) + np.sqrt(high))) ** 2,
        ),
    },
    cases=((1.0, 30.0), (0.4, 9.0)),
    right="Right: both directions then swing, and shrink by the same √β.",
    hints=(
        "Both numbers are squares of a fraction. What do the roots of the two curvatures do in it?",
        "√η is 2 over the sum of the two roots, and √β is their difference over their sum. Square both.",
    ),
)

# -- a rate for every parameter --------------------------------------------------------------------

adagrad_update = Exercise(
    name="adagrad_update",
    minutes=5,
    difficulty="standard",
    returns=("w", "s"),
    reference=lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2) + eps), s + g**2),
    mistakes={
        "The root is missing: divide by √s, not by s.": (
            lambda w, s, g, lr, eps: (w - lr * g / (s + g**2 + eps), s + g**2)
        ),
        "The step divides by the old s. Add this gradient's square first.": (
            lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s) + eps), s + g**2)
        ),
        "ε is inside the root. Here it is added to the root: √s + ε.": (
            lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2 + eps), s + g**2)
        ),
        "The gradient is not squared before it is added.": (
            lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(np.abs(s + g)) + eps), s + g)
        ),
        "One s for all weights: np.sum is too much. Every weight has its own.": (
            lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + np.sum(g**2)) + eps), s + np.sum(g**2))
        ),
        "This walks uphill: subtract.": (
            lambda w, s, g, lr, eps: (w + lr * g / (np.sqrt(s + g**2) + eps), s + g**2)
        ),
        "s is not renewed in what you return.": (
            lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2) + eps), s)
        ),
        "s comes first here. Return w, then s.": (
            lambda w, s, g, lr, eps: (s + g**2, w - lr * g / (np.sqrt(s + g**2) + eps))
        ),
        "This is w alone. Return s too: the next update adds to it.": (
            lambda w, s, g, lr, eps: w - lr * g / (np.sqrt(s + g**2) + eps)
        ),
        "ε is missing: the denominator is √s + ε.": (
            lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2), s + g**2)
        ),
    },
    cases=((_W, _V, _G, 0.1, 0.01), (_W, np.zeros(3), _G, 0.5, 0.1)),
    right="Right: a sum that only grows, so a rate that only falls.",
    hints=(
        "Everything is entry by entry. What is added to s in each update: before the step, or after it?",
        "First s grows by g². Then w moves by −η g, divided by the root of the new s, to which ε is added.",
    ),
)


def _adam(w, m, v, g, t, lr, b1, b2, eps, *, correct="power", inside=False, power=2, root=True, keep=False):
    """One update of Adam, with the mistakes that learners make as options."""
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * np.abs(g) ** power
    below_m, below_v = {
        "power": (1 - b1**t, 1 - b2**t),
        "one": (1 - b1, 1 - b2),
        "late": (1 - b1 ** (t + 1), 1 - b2 ** (t + 1)),
        "early": (1 - b1 ** (t - 1), 1 - b2 ** (t - 1)),
        "product": (1 - b1 * t, 1 - b2 * t),
        "m": (1 - b1**t, 1.0),
        "v": (1.0, 1 - b2**t),
        None: (1.0, 1.0),
    }[correct]
    m_hat, v_hat = m / below_m, v / below_v
    below = np.sqrt(v_hat + eps) if inside else (np.sqrt(v_hat) if root else v_hat) + eps
    return w - lr * m_hat / below, *((m_hat, v_hat) if keep else (m, v))


adam_update = Exercise(
    name="adam_update",
    minutes=10,
    difficulty="standard",
    returns=("w", "m", "v"),
    reference=_adam,
    mistakes={
        "The bias correction is missing: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ.": (
            lambda *a: _adam(*a, correct=None)
        ),
        "Right at step 1, wrong from step 2 on. Is your correction 1 − β₁ᵗ, or 1 − β₁?": (
            lambda *a: _adam(*a, correct="one")
        ),
        "t counts this update too: it is 1 in the first. Yours is one step ahead.": (
            lambda *a: _adam(*a, correct="late")
        ),
        "t is 1 in the first update already. With t − 1 the first correction divides by 0.": (
            lambda *a: _adam(*a, correct="early")
        ),
        "βᵗ is a power, not a product: b1**t.": lambda *a: _adam(*a, correct="product"),
        "v is not corrected: divide it by 1 − β₂ᵗ.": lambda *a: _adam(*a, correct="m"),
        "m is not corrected: divide it by 1 − β₁ᵗ.": lambda *a: _adam(*a, correct="v"),
        "This walks uphill: subtract.": lambda w, *a: (2 * w - _adam(w, *a)[0], *_adam(w, *a)[1:]),
        "ε is inside the root. Here it is added to the root: √v̂ + ε.": lambda *a: _adam(*a, inside=True),
        "v is a mean of g, not of g². The square is missing.": lambda *a: _adam(*a, power=1),
        "The root over v̂ is missing.": lambda *a: _adam(*a, root=False),
        "You hand back m̂ and v̂. The memory is m and v; the corrected ones serve this step alone.": (
            lambda *a: _adam(*a, keep=True)
        ),
        "w comes last here. Return w, then m, then v.": lambda *a: (*_adam(*a)[1:], _adam(*a)[0]),
        "This is w alone. Return m and v too: the next update needs them.": lambda *a: _adam(*a)[0],
        "The old m and v are handed back. The next update needs the new ones.": (
            lambda w, m, v, *a: (_adam(w, m, v, *a)[0], m, v)
        ),
        "ε is added to √v, and the correction comes after it: the short form of Adam, whose ε is another. "
        "Here it is √v̂ + ε.": lambda w, m, v, g, t, lr, b1, b2, eps: _adam(
            w, m, v, g, t, lr, b1, b2, eps / np.sqrt(1 - b2**t)
        ),
        "ε is missing: the denominator is √v̂ + ε.": lambda *a: _adam(*a[:-1], 0.0),
        "β₁ and β₂ are exchanged.": lambda w, m, v, g, t, lr, b1, b2, eps: _adam(
            w, m, v, g, t, lr, b2, b1, eps
        ),
        "m is the plain gradient here. β₁ m + (1 − β₁) g is the mean.": (
            lambda w, m, v, g, t, lr, b1, b2, eps: (
                _adam(w, m, v, g, t, lr, 0.0, b2, eps)[0],
                *_adam(w, m, v, g, t, lr, b1, b2, eps)[1:],
            )
        ),
    },
    cases=(
        (_W, np.zeros(3), np.zeros(3), _G, 1, 0.1, 0.9, 0.99, 0.1),
        (_W, _M, _V, _G, 5, 0.1, 0.8, 0.95, 0.01),
    ),
    right="Right, ε and powers and all.",
    hints=(
        "There are two memories, a mean of g and a mean of g². Both start at 0: by which factor are they "
        "too small after t updates?",
        "Renew m and v, divide copies of them by 1 − β₁ᵗ and 1 − β₂ᵗ, and step by −η m̂ over √v̂ + ε. "
        "What is returned beside w is m and v, not m̂ and v̂.",
    ),
)

adamw_update = Exercise(
    name="adamw_update",
    minutes=5,
    difficulty="standard",
    reference=lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * lam * w,
    mistakes={
        "The decay is divided by √v̂ too: that is L2 inside Adam. Take it out of the quotient.": (
            lambda w, m_hat, v_hat, lr, lam, eps: w - lr * (m_hat + lam * w) / (np.sqrt(v_hat) + eps)
        ),
        "The decay lacks the learning rate: here it is ηλw.": (
            lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps) - lam * w
        ),
        "This decay makes weights grow: subtract it.": (
            lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps) + lr * lam * w
        ),
        "The decay is missing: this is Adam.": (
            lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps)
        ),
        "The decay takes off a share of the weights after the step. Take it of w as it was.": (
            lambda w, m_hat, v_hat, lr, lam, eps: (w - lr * m_hat / (np.sqrt(v_hat) + eps)) * (1 - lr * lam)
        ),
        "ε is inside the root. Here it is added to the root: √v̂ + ε.": (
            lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / np.sqrt(v_hat + eps) - lr * lam * w
        ),
        "The root over v̂ is missing.": (
            lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (v_hat + eps) - lr * lam * w
        ),
        "This is the step alone. Return the new w.": (
            lambda w, m_hat, v_hat, lr, lam, eps: -lr * m_hat / (np.sqrt(v_hat) + eps) - lr * lam * w
        ),
        "This shrinks w by a fixed amount, by its sign. The decay is a share: λw.": (
            lambda w, m_hat, v_hat, lr, lam, eps: (
                w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * lam * np.sign(w)
            )
        ),
    },
    cases=((_W, _M, _V, 0.1, 0.5, 0.01), (-_W, _G, _V, 0.3, 0.1, 0.1)),
    right="Right: every weight loses the same share, however noisy its gradient.",
    hints=(
        "Two things happen to w: Adam's step, and the decay. Which of them is divided by √v̂ + ε?",
        "Take Adam's step off w, and beside it, outside the quotient, the share ηλ of w as it was.",
    ),
)
