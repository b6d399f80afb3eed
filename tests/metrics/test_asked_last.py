from aftershock.metrics.asked_last import kept


class Table:
    def __init__(self, number):
        self.number = number


def test_an_answer_is_made_once_while_it_is_asked_about_the_same_objects():
    asked = []
    one, two = Table(1), Table(1)

    @kept
    def both(a, b):
        asked.append((a, b))
        return a.number + b.number

    assert [both(one, two), both(one, two)] == [2, 2]
    assert asked == [(one, two)]
    both(two, one)  # equal, and not the same
    both(one, two)
    assert len(asked) == 3


def test_what_was_asked_about_is_not_kept_alive():
    made = kept(lambda one: object())
    one = Table(1)
    first = made(one)
    del one
    assert made(Table(1)) is not first
