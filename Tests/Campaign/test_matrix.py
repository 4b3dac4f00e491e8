"""Which schedules there are."""

import unittest

import matrix


class Spread(unittest.TestCase):
    def test_each_eighth_is_a_step_that_calls_wix(self):
        found = matrix.spread(64, seed=1)
        on_wix = [schedule for schedule in found if schedule.publisher == "wix"]
        self.assertEqual(on_wix, found[7::8])
        self.assertEqual({schedule.step for schedule in on_wix}, matrix.POSTING)
        self.assertEqual({schedule.fault for schedule in on_wix}, set(matrix.FAULTS))

    def test_no_schedule_is_there_twice_or_cannot_be(self):
        for publishers in (matrix.PUBLISHERS, ["wix"], ["folder"]):
            found = matrix.spread(24, 1, publishers)
            self.assertEqual(len({schedule.name for schedule in found}), 24)
            self.assertEqual([schedule.name for schedule in found if schedule.impossible], [])
            self.assertLessEqual({schedule.publisher for schedule in found}, set(publishers))


if __name__ == "__main__":
    unittest.main()
