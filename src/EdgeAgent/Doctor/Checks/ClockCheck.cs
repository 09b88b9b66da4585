using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether the wall clock is right, whether somebody keeps it right, and whether it outlives a power cut. The time zone does not matter.</summary>
internal sealed class ClockCheck(ExaminedDevice device, CloudVisits visits) : IDoctorCheck
{
    /// <summary>A reading that is two seconds wrong is not in the place where people look for it.</summary>
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(2);

    /// <summary>Certificates are not valid yet, or not any more, by a clock that is wrong by a day.</summary>
    private static readonly TimeSpan Wrong = TimeSpan.FromDays(1);

    private const string Synchronise = "timedatectl set-ntp true; where NTP is blocked, name a server on the site in /etc/systemd/timesyncd.conf.";

    public string Name => "clock";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        var found = new List<Diagnosis> { OfKernel() };
        found.AddRange(OfBattery());
        CloudVisit? said = device.Configuration is null ? null
            : (await visits.AllAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(visit => visit.Clock is not null);
        found.Add(said?.Clock is { } clock ? OfService(said.Endpoint.Authority, clock) : Diagnosis.Skipped("service", "The service did not say what time it is."));
        return found;
    }

    private Diagnosis OfKernel()
    {
        DateTimeOffset now = device.Time.GetUtcNow();
        if (now < device.Clock.Floor)
        {
            return Diagnosis.Fail(
                "", $"It shows {now:u}, and it is certainly later than {device.Clock.Floor:u}. Readings are taken with provisional times and corrected later.", Synchronise);
        }
        KernelSync sync = OperatingSystem.IsLinux() ? new KernelClock(device.Time).Sync : new KernelSync(KernelSyncState.Unknown);
        return sync.State switch
        {
            KernelSyncState.Synchronized => Diagnosis.Pass(
                "", $"It shows {now:u} and is synchronised, within {Duration.Format(TimeSpan.FromMilliseconds(Math.Ceiling(sync.UncertaintyNanoseconds / 1e6)))}."),
            KernelSyncState.Unsynchronized => Diagnosis.Warn("", $"It shows {now:u}, and nobody synchronises it.", Synchronise),
            _ => Diagnosis.Skipped("", $"It shows {now:u}; the kernel does not say whether it is synchronised."),
        };
    }

    private IEnumerable<Diagnosis> OfBattery()
    {
        // rtc0 is there on a Raspberry Pi 5 also without a battery: then it shows 1970.
        string? since = KernelText.TryRead(device.Root.At("/sys/class/rtc/rtc0/since_epoch"));
        if (since is null)
        {
            yield return Diagnosis.Warn(
                "battery", "There is no clock with a battery: after a power cut times are provisional until NTP or the service has said what time it is.",
                "Nothing has to be done; a DS3231 (dtoverlay=i2c-rtc,ds3231) spares the wait.");
        }
        else if (long.TryParse(since, out long seconds) && DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253_402_300_799)) is var shown)
        {
            yield return shown < device.Clock.Floor
                ? Diagnosis.Warn("battery", $"The clock with a battery shows {shown:u}: its battery is empty or missing.", "Replace the battery, then hwclock --systohc.")
                : Diagnosis.Pass("battery", $"The clock with a battery shows {shown:u}.");
        }
    }

    private static Diagnosis OfService(string place, (TimeSpan Ahead, TimeSpan Uncertainty) clock)
    {
        TimeSpan apart = clock.Ahead.Duration() - clock.Uncertainty;
        string seen = $"This device is {Words(clock.Ahead)} the service {place}, known within {Duration.Format(Rounded(clock.Uncertainty))}.";
        return apart > Wrong ? Diagnosis.Fail("service", seen, Synchronise)
            : apart > Far ? Diagnosis.Warn("service", seen, $"If the service is right: {Synchronise}")
            : Diagnosis.Pass("service", seen);
    }

    private static string Words(TimeSpan ahead) => ahead >= TimeSpan.Zero ? $"{Duration.Format(Rounded(ahead))} behind" : $"{Duration.Format(Rounded(-ahead))} ahead of";

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
