from tests.bench import pictures


def test_sample_of_pictures():
    """Every kind of file is measured both ways against the plain decode of its own bytes."""
    figures = list(pictures.measure(long=False, size_px=(800, 600)))

    assert len(figures) == 2 * len(pictures.KINDS)
    assert all(figure.value > 0 for figure in figures)
    assert sum(bool(figure.goal) for figure in figures) == len(pictures.GOALS)
