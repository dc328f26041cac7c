"""Bridge from Nion Swift to the closed loop of Quadrivium.

Speaks the protocol of docs/atom-control-protocol.md: TCP, each message its length (4 bytes, highest
first) and UTF-8 JSON. Run it inside Swift with its STEM controller:

    serve(SwiftMicroscope(stem_controller, record_frame, current_na=0.1), Limits(), port=7330)

Only the Python standard library is used. The bridge holds its own limits and its own account of the
beam, whatever the server asks; it has been run against a stub of the documented interface only.
"""

import base64
import json
import math
import socket
import struct
import threading
import time
from dataclasses import dataclass

PROTOCOL_VERSION = 2
SILENCE_LIMIT_S = 2.0
MAX_MESSAGE = 64 * 2**20
SAMPLE_MS = 10.0
ELECTRONS_PER_PC = 1e-12 / 1.602176634e-19


class Refusal(Exception):
    """A command that is refused, with the protocol's reason."""

    def __init__(self, reason, message, limit=None):
        super().__init__(message)
        self.reason = reason
        self.limit = limit


@dataclass
class Limits:
    """Hard limits; units as in the server's."""

    min_voltage_kv: float = 58.0
    max_voltage_kv: float = 62.0
    max_current_na: float = 0.15
    max_dwell_s: float = 15.0
    max_frame_s: float = 10.0
    max_frames: int = 2000
    max_session_charge_pc: float = 200_000.0
    max_site_charge_pc: float = 20_000.0
    max_field_dose: float = 2e9
    min_fov: float = 10.0
    min_defect_distance: float = 1.0
    keep_out: tuple = ()
    edge_margin: float = 0.05
    max_frame_age_s: float = 30.0


class SwiftMicroscope:
    """The few things asked of a microscope, on Nion Swift's STEM controller.

    record_frame(fov_nm, px, pixel_time_us) must scan one frame and give rows of numbers;
    read_counts(seconds), where there is one, counts the detector's signal of the parked probe for so
    long. Without it there are no traces, and dwells do not end on silicon's arrival. The probe's
    position is (y, x) as fractions of the frame from its top left.
    """

    def __init__(self, stem_controller, record_frame, current_na, voltage_control="EHT",
                 read_counts=None):
        self.controller = stem_controller
        self.record_frame = record_frame
        self.read_counts = read_counts
        self.current_na = current_na
        self.voltage_control = voltage_control

    def voltage_kv(self):
        known, volts = self.controller.TryGetVal(self.voltage_control)
        if not known:
            raise RuntimeError("the high voltage cannot be read")
        return volts / 1000.0

    def is_blanked(self):
        known, value = self.controller.TryGetVal("C_Blank")
        return bool(known and value != 0)

    def blank(self):
        self.controller.SetVal("C_Blank", 1)

    def unblank(self):
        if not self.controller.SetValAndConfirm("C_Blank", 0, 1.0, 1000):
            raise RuntimeError("the blanker does not confirm")

    def place(self, x, y):
        self.controller.probe_position = (y, x)
        if self.controller.probe_state != "parked":
            raise RuntimeError("the probe is not parked")


class Bridge:
    """Guards a microscope: limits, account, arming, watchdog. The clock counts seconds."""

    def __init__(self, microscope, limits, clock=time.monotonic):
        self.clock = clock
        self.microscope = microscope
        self.limits = limits
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.token = None
        self.armed_until = 0.0
        self.heard = self.clock()
        self.frames = {}
        self.num_frames = 0
        self.charge_pc = 0.0
        self.field_dose = 0.0
        self.sites = {}
        self.is_alive = True
        microscope.blank()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while self.is_alive:
            self.check_silence()
            time.sleep(0.05)

    def check_silence(self):
        """Stops where the server has been silent so long that the next look may be too late."""
        if self.token is not None and self.clock() - self.heard > SILENCE_LIMIT_S - 0.1:
            self.stop()

    def stop(self):
        self.token = None
        self.stopped.set()
        self.microscope.blank()

    def call(self, method, params):
        command = params.get("command", {})
        token = params.get("token", "")
        if method == "describe":
            return {"protocolVersion": PROTOCOL_VERSION, "id": "Nion Swift", "isSimulated": False,
                    "origin": "top-left", "hasTrace": self.microscope.read_counts is not None,
                    "patienceMs": 0}
        if method == "status":
            m = self.microscope
            return {"voltageKv": m.voltage_kv(), "currentNanoA": m.current_na,
                    "isBlanked": m.is_blanked(), "isReady": True}
        if method == "heartbeat":
            self.heard = self.clock()
        elif method == "stop":
            self.stop()
        elif method == "blank":
            self.stopped.set()
            self.microscope.blank()
        elif method == "arm":
            self.heard = self.clock()
            self.armed_until = self.heard + float(params["forMs"]) / 1000
            self.token = str(token)
        elif method == "acquire":
            return self._with_beam(token, lambda: self._acquire(command))
        elif method == "park":
            return self._with_beam(token, lambda: self._park(command))
        else:
            raise Refusal("BAD_REQUEST", f"there is no method {method}")
        return None

    def _with_beam(self, token, run):
        if not self.token or token != self.token or self.clock() >= self.armed_until:
            raise Refusal("NOT_ARMED", "the bridge is not armed with this token")
        if not self.lock.acquire(blocking=False):
            raise Refusal("BAD_REQUEST", "another command is being carried out")
        try:
            self._check("minVoltageKv", -self.microscope.voltage_kv(), -self.limits.min_voltage_kv)
            self._check("maxVoltageKv", self.microscope.voltage_kv(), self.limits.max_voltage_kv)
            self._check("maxCurrentNanoA", self.microscope.current_na, self.limits.max_current_na)
            self.stopped.clear()
            return run()
        except Refusal:
            raise
        except Exception as error:
            self.stop()
            raise Refusal("INSTRUMENT", f"the instrument failed: {error}") from error
        finally:
            self.microscope.blank()
            self.lock.release()

    @staticmethod
    def _check(limit, value, most):
        if not value <= most:  # NaN is refused as well
            raise Refusal("LIMIT", f"{limit}: must be at most {most}; got {value}", limit)

    def _spend(self, seconds, fov):
        """The charge of so long a beam, checked and entered before the beam opens."""
        charge = self.microscope.current_na * seconds * 1000
        dose = charge * ELECTRONS_PER_PC / fov**2
        self._check("maxFieldDose", self.field_dose + dose, self.limits.max_field_dose)
        self._check("maxSessionChargePicoC", self.charge_pc + charge,
                    self.limits.max_session_charge_pc)
        self._enter(charge, fov)
        return charge

    def _enter(self, charge, fov):
        self.field_dose += charge * ELECTRONS_PER_PC / fov**2
        self.charge_pc += charge

    def _acquire(self, command):
        px, fov = int(command["px"]), float(command["fovAngstrom"])
        seconds = px * px * float(command["pixelTimeUs"]) * 1.1e-6
        self._check("maxFrameTimeS", seconds, self.limits.max_frame_s)
        self._check("maxFrames", self.num_frames + 1, self.limits.max_frames)
        self._check("minFovAngstrom", -fov, -self.limits.min_fov)
        self._spend(seconds, fov)
        self.num_frames += 1
        start = self.clock()
        self.microscope.unblank()
        rows = self.microscope.record_frame(fov / 10, px, float(command["pixelTimeUs"]))
        self.microscope.blank()
        end = self.clock()
        flat = [float(value) for row in rows for value in row]
        if len(flat) != px * px:
            raise RuntimeError(f"the frame has {len(flat)} pixels")
        frame_id = f"frame-{self.num_frames}"
        self.frames = {frame_id: (px, fov, end)}
        return {"frameId": frame_id, "px": px, "fovAngstrom": fov,
                "countsBase64": base64.b64encode(struct.pack(f"<{len(flat)}f", *flat)).decode(),
                "startMs": start * 1000, "endMs": end * 1000}

    def _park(self, command):
        frame = self.frames.get(command["frameId"])
        if frame is None or self.clock() - frame[2] > self.limits.max_frame_age_s:
            raise Refusal("STALE_FRAME", "the frame is unknown or too old")
        px, fov, _ = frame
        x, y = (float(command["xPx"]) + 0.5) / px, (float(command["yPx"]) + 0.5) / px
        dwell = float(command["dwellTimeS"])
        self._check("maxDwellTimeS", dwell, self.limits.max_dwell_s)
        self._check("minDwellTimeS", -dwell, 0.0)
        self._check("edgeMarginFraction", self.limits.edge_margin, min(x, y, 1 - x, 1 - y))
        site = (x * fov, y * fov)
        for other in command.get("avoid", []):
            ox, oy = (float(other["xPx"]) + 0.5) / px * fov, (float(other["yPx"]) + 0.5) / px * fov
            self._check("minDefectDistanceAngstrom", self.limits.min_defect_distance,
                        math.hypot(ox - site[0], oy - site[1]))
        for polygon in self.limits.keep_out:
            self._check("keepOut", 1.0 if _inside(polygon, x, y) else 0.0, 0.0)
        # Places closer than the probe is wide count as one site: all of it is counted there.
        before = sum(q for (sx, sy), q in self.sites.items()
                     if (sx - site[0]) ** 2 + (sy - site[1]) ** 2 < 1.8**2)
        self._check("maxChargePerSitePicoC", before + self.microscope.current_na * dwell * 1000,
                    self.limits.max_site_charge_pc)
        charge = self._spend(dwell, fov)
        self.sites[site] = self.sites.get(site, 0.0) + charge
        self.microscope.place(x, y)
        start = self.clock()
        self.microscope.unblank()
        reason, trace = self._watch_dwell(start + dwell, command.get("stopOn"))
        self.microscope.blank()
        end = self.clock()
        used = self.microscope.current_na * (end - start) * 1000
        if used > charge:  # it was blanked late
            self._enter(used - charge, fov)
            self.sites[site] += used - charge
        return {"startMs": start * 1000, "endMs": end * 1000, "chargePicoC": used, "trace": trace,
                "sampleMs": SAMPLE_MS, "reason": reason}

    def _watch_dwell(self, end, stop_on):
        """Waits for the end, a stop, or the alarm of Page's test on the counts."""
        trace = []
        read_counts = self.microscope.read_counts
        if read_counts is None:
            stopped = self.stopped.wait(max(0.0, end - self.clock()))
            return ("stopped" if stopped else "dwell"), trace
        evidence = 0.0
        while self.clock() < end:
            if self.stopped.is_set():
                return "stopped", trace
            counts = float(read_counts(SAMPLE_MS / 1000))
            trace.append(counts)
            if stop_on is not None:
                before, after = float(stop_on["before"]), float(stop_on["after"])
                step = counts * math.log(after / before) - (after - before) * SAMPLE_MS
                evidence = max(0.0, evidence + step)
                if evidence >= float(stop_on["threshold"]):
                    return "arrival", trace
        return "dwell", trace


def _inside(polygon, x, y):
    """Whether a point lies in a polygon of (x, y), as fractions of the frame."""
    inside = False
    for n, (ax, ay) in enumerate(polygon):
        bx, by = polygon[(n + 1) % len(polygon)]
        if (ay > y) != (by > y) and x < ax + (bx - ax) * (y - ay) / (by - ay):
            inside = not inside
    return inside


def _receive(connection):
    def exactly(count):
        parts = b""
        while len(parts) < count:
            chunk = connection.recv(count - len(parts))
            if not chunk:
                raise ConnectionError
            parts += chunk
        return parts

    (length,) = struct.unpack(">I", exactly(4))
    if length > MAX_MESSAGE:
        raise ConnectionError
    return json.loads(exactly(length))


def _serve_connection(bridge, connection):
    sending = threading.Lock()

    def send(message):
        body = json.dumps(message).encode()
        with sending:
            connection.sendall(struct.pack(">I", len(body)) + body)

    def answer(message):
        reply = {"id": message.get("id", -1)}
        try:
            result = bridge.call(message.get("method"), message.get("params", {}))
            reply.update(ok=True, result=result)
        except Refusal as refusal:
            error = {"reason": refusal.reason, "message": str(refusal), "limit": refusal.limit}
            reply.update(ok=False, error=error)
        except Exception as error:  # whatever else: blank and say so
            bridge.stop()
            reply.update(ok=False, error={"reason": "INSTRUMENT", "message": str(error)})
        try:
            send(reply)
        except OSError:
            bridge.stop()

    try:
        while True:
            # Each call on its own thread, so that a stop is heard in the middle of a dwell.
            threading.Thread(target=answer, args=(_receive(connection),), daemon=True).start()
    except (OSError, ValueError):
        pass
    finally:
        bridge.stop()
        connection.close()


def serve(microscope, limits, port=7330, host="127.0.0.1", on_ready=lambda port: None):
    """Serves one connection after another; a lost one stops the beam."""
    bridge = Bridge(microscope, limits)
    with socket.create_server((host, port)) as server:
        on_ready(server.getsockname()[1])
        while True:
            connection, _ = server.accept()
            _serve_connection(bridge, connection)
