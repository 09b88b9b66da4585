using System.Device.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Scanning;

/// <summary>
/// One bus, address after address. Of an address that no driver of the kernel has:
/// <list type="number">
/// <item>one byte is read, without anything being written before. This tells chips with registers, which answer, from those with commands, which have
/// nothing to say yet; it is all that is done where a chip may be that obeys any byte, and where nobody knows a chip that can be asked (memories at
/// 0x30 to 0x37 and 0x50 to 0x57 among them);</item>
/// <item>then the questions of the chips of its own sort that can have this address, until one says yes: see <see cref="ChipIdentity"/>. Each is a read from
/// a register, or a documented read-only command, that means nothing to the others of its sort there: so their order does not matter;</item>
/// <item>a chip that says no, and gives back the very number that it was asked by, has one register only, which that number is in now: a multiplexer of
/// buses (TCA9548A, 0x70 to 0x77). It gets the byte back that was read from it at first.</item>
/// </list>
/// </summary>
/// <param name="name">"1", or "simulated".</param>
/// <param name="open">Opens the bus.</param>
/// <param name="owners">The kernel's drivers; null where there is no kernel.</param>
/// <param name="time">The clock of pauses and of patience.</param>
internal sealed class I2cBusScan(string name, Func<I2cBus> open, I2cOwners? owners, TimeProvider time)
{
    /// <summary>What I2C leaves to devices (UM10204, table 4), less the two that SMBus keeps: its host, and its alert, whose reading takes the alert back.</summary>
    private const int First = 0x09, Last = 0x77, Alert = 0x0C;

    /// <summary>Addresses in a row at which the bus itself fails, each after half a second: then it is stuck, whoever is asked.</summary>
    private const int MostFailures = 3;

    private readonly ScanReport _report = new();

    /// <summary>Questions in the order in which they are put.</summary>
    public IReadOnlyList<ChipType> Chips { get; init; } = [.. ChipTypes.All.Where(type => type != ChipTypes.Registers)];

    /// <summary>Leaves the bus to itself; on the bus's own thread. Timers may fire early by the kernel's tick, so there is a millisecond more.</summary>
    public Action<TimeSpan> Pause { get; init; } = pause => Task.Delay(pause + TimeSpan.FromMilliseconds(1), time).GetAwaiter().GetResult();

    public async Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        using var thread = new BlockingThread($"scan-i2c-{name}", time);
        if (await thread.RunAsync(Look, cancellationToken).ConfigureAwait(false) == BlockingOutcome.Done)
        {
            return _report;
        }
        // What hangs may come back and go on: its report is not looked at any more.
        var hanging = new ScanReport();
        hanging.LookedAt.Add($"I2C bus {name}");
        hanging.Problems.Add($"I2C bus {name} hangs: a chip holds its lines. Take the power from its chips, or look for one by unplugging.");
        return hanging;
    }

    private void Look()
    {
        _report.LookedAt.Add($"I2C bus {name}");
        try
        {
            using I2cBus bus = open();
            LookAtAll(bus);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _report.Problems.Add($"I2C bus {name} was not looked at: {failure.Message}");
        }
    }

    private void LookAtAll(I2cBus bus)
    {
        int failures = 0;
        for (int address = First; address <= Last; address++)
        {
            if (address == Alert)
            {
                continue;
            }
            if (owners is not null && owners.TryGet(address, out string chip, out string driver))
            {
                Add(address, chip, Certainty.Taken, $"The kernel's driver {driver} has it. It was not touched; look for it among iio and hwmon.");
                continue;
            }
            using I2cDevice device = bus.CreateDevice(address);
            if (TryLookAt(device, address, out string trouble))
            {
                failures = 0;
            }
            else if (++failures == MostFailures)
            {
                _report.Problems.Add($"I2C bus {name} does not work, and was given up at 0x{address:x2}: {trouble} Look at its pull-ups, wires and power.");
                return;
            }
        }
    }

    /// <returns>False where it is the bus that failed.</returns>
    private bool TryLookAt(I2cDevice device, int address, out string trouble)
    {
        trouble = "";
        try
        {
            LookAt(device, address);
        }
        catch (IOException failure)
        {
            trouble = failure.Message;
            switch (I2cFailure.Of(failure))
            {
                case I2cFailureCause.Timeout or I2cFailureCause.BusStuck or I2cFailureCause.ArbitrationLost:
                    return false;
                case I2cFailureCause.AddressInUse:
                    Add(address, "", Certainty.Taken, "A driver of the kernel has it. It was not touched.");
                    break;
            }
        }
        catch (NotSupportedException)
        {
            // Such an adapter says the same of every address.
            trouble = "Its adapter cannot read a single byte.";
            return false;
        }
        return true;
    }

    private void LookAt(I2cDevice device, int address)
    {
        ChipType[] possible = [.. Chips.Where(type => type.Addresses.Contains(address))];
        bool answers = TryReadPlain(device, out byte before);
        bool mayBeAsked = !possible.Any(type => type.ObeysAnyByte);
        ChipType[] asked = [.. possible.Where(type => mayBeAsked && type.Identity?.AnswersPlainReads == answers)];
        using var asking = new AskedDevice(device);
        if (asked.FirstOrDefault(type => Says(type.Identity!, asking)) is { } chip)
        {
            Recognised(chip, address);
        }
        else if (answers && asking.LastRegister is { } register && TryReadPlain(device, out byte after) && after == register)
        {
            device.Write([before]);
            Add(
                address, "", Certainty.Doubtful,
                "It keeps whatever byte it is given, and has its own back: most likely a multiplexer of buses. Let a driver of the kernel have it.");
        }
        else if (answers)
        {
            Doubtful(address, [.. possible.Except(asked).Where(type => type.Identity is not { AnswersPlainReads: false })]);
        }
    }

    /// <exception cref="IOException">Not nobody is there, but something is wrong.</exception>
    private static bool TryReadPlain(I2cDevice device, out byte value)
    {
        try
        {
            value = device.ReadByte();
            return true;
        }
        catch (IOException failure) when (IsSilence(failure))
        {
            value = 0;
            return false;
        }
    }

    private bool Says(ChipIdentity identity, I2cDevice device)
    {
        try
        {
            return identity.IsRecognised(device, Pause);
        }
        catch (IOException failure) when (IsSilence(failure))
        {
            return false;
        }
        catch (NotSupportedException)
        {
            // An adapter for SMBus, and a question that SMBus does not know.
            return false;
        }
    }

    /// <summary>Adapters choose among several numbers for an address that is not acknowledged; the kernel's i2c-stub says that there is no device.</summary>
    private static bool IsSilence(IOException failure) =>
        I2cFailure.Of(failure) is I2cFailureCause.NoAcknowledge or I2cFailureCause.BusError or I2cFailureCause.NoBus or I2cFailureCause.Other;

    private void Recognised(ChipType chip, int address)
    {
        string entry = Entry(chip.Name, address, $"i2c-{name}/{chip.Name}-{address:x2}");
        var parent = new EntryParent("bus", owners is null ? JsonText.OfText(name) : name, "sensors");
        bool isComplete = chip.TryReadDefaults(out _, out IReadOnlyList<string> missing);
        string remark = isComplete ? chip.Description : $"{chip.Description} Write {entry} and add what only you know: {string.Join(", ", missing)}.";
        _report.Findings.Add(
            new Finding(ScanKind.I2c, Place(address), chip.Name, Certainty.Recognised, remark) { Entry = isComplete ? new ConfigEntry("i2c", entry, parent) : null });
    }

    private void Doubtful(int address, IReadOnlyList<ChipType> candidates)
    {
        string[] names = [.. candidates.Select(type => type.Name)];
        string remark = names.Length > 0
            ? $"May be {string.Join(", ", names)}. Where you know which, write {Entry("…", address, "…")}.{Try(candidates, address)}"
            : address is >= 0x50 and <= 0x57 ? "Most likely a memory (EEPROM). It was only read from."
            : "No chip of this address is known. Look for a driver of the kernel, or describe it: docs/sensors/registers.md.";
        _report.Findings.Add(new Finding(ScanKind.I2c, Place(address), "", Certainty.Doubtful, remark) { Candidates = names });
    }

    /// <summary>A command to try one of the candidates with, where there is one that needs no more than its address.</summary>
    private string Try(IReadOnlyList<ChipType> candidates, int address) =>
        candidates.FirstOrDefault(type => type.TryReadDefaults(out _, out _)) is { } type ? $" To try one: edge-agent read {type.Name}@{name}:0x{address:x2}" : "";

    private void Add(int address, string chip, Certainty certainty, string remark) =>
        _report.Findings.Add(new Finding(ScanKind.I2c, Place(address), chip, certainty, remark));

    private static string Entry(string chip, int address, string series) =>
        JsonText.OfTexts(("chip", chip), ("address", $"0x{address:x2}"), ("series", series));

    private string Place(int address) => $"bus {name}, 0x{address:x2}";
}
