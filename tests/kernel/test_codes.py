from hypothesis import given
from hypothesis import strategies as st

from kernel.codes import ALPHABET, grouped, is_well_formed, new_code, tidy


def test_new_codes_are_well_formed_and_differ():
    codes = {new_code(8) for _ in range(1000)}

    assert len(codes) == 1000
    assert all(is_well_formed(code) for code in codes)


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_noticed(position, typed):
    code = new_code(8)

    wrong = code[:position] + typed + code[position + 1 :]

    assert is_well_formed(wrong) == (wrong == code)


def test_a_code_survives_being_read_aloud_and_typed_by_hand():
    assert tidy(" 7kq4-2o ") == "7KQ420"
    assert tidy("il0u") == "110V"
    assert grouped("7KQ429") == "7KQ4-29"
