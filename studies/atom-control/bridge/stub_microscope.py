"""A stub of Nion Swift's documented STEM controller, served by the bridge for tests."""

import sys
import time

from nion_swift_bridge import Limits, SwiftMicroscope, serve


class StubController:
    """TryGetVal, SetVal, SetValAndConfirm, probe_position and probe_state, as documented."""

    def __init__(self):
        self.values = {"EHT": 60000.0, "C_Blank": 1}
        self.probe_position = None

    @property
    def probe_state(self):
        return "scanning" if self.probe_position is None else "parked"

    def TryGetVal(self, name):  # noqa: N802, the interface's own name
        return name in self.values, self.values.get(name, 0.0)

    def SetVal(self, name, value):  # noqa: N802
        self.values[name] = value
        return True

    def SetValAndConfirm(self, name, value, _tolerance, _timeout_ms):  # noqa: N802
        return self.SetVal(name, value)


def frame(_fov_nm, px, _pixel_time_us):
    return [[row * px + column for column in range(px)] for row in range(px)]


def counts(seconds):
    """Carbon under the beam at first, silicon from the 30th sample on."""
    time.sleep(seconds)
    samples.append(400 if len(samples) >= 30 else 100)
    return samples[-1] * seconds * 100


samples = []

if __name__ == "__main__":
    read_counts = counts if "--counts" in sys.argv else None
    microscope = SwiftMicroscope(StubController(), frame, current_na=0.1, read_counts=read_counts)
    limits = Limits(keep_out=(((0.0, 0.9), (0.3, 0.9), (0.0, 0.6)),))
    serve(microscope, limits, port=0, on_ready=lambda port: print(port, file=sys.stdout, flush=True))
