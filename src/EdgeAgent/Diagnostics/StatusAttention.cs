using System.Globalization;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Identity;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Diagnostics;

/// <summary>Something that a person should know first.</summary>
/// <param name="IsWrong">Somebody has to do something, or data is being lost; else it is good to know, and passes by itself.</param>
/// <param name="What">What is so, in words.</param>
/// <param name="ToDo">What to do about it.</param>
internal readonly record struct Finding(bool IsWrong, string What, string ToDo);

/// <summary>What of a status needs attention, the worst first. Pure.</summary>
internal static class StatusAttention
{
    /// <summary>A line that has been away for less is not told of: it comes back by itself many times a day.</summary>
    private static readonly TimeSpan Blip = TimeSpan.FromSeconds(30);

    /// <summary>A certificate is renewed when a third of its life is left. With so little nobody has done it.</summary>
    private static readonly TimeSpan ShortOfCertificate = TimeSpan.FromDays(7);

    /// <summary>NTP takes a minute after a start.</summary>
    private static readonly TimeSpan ClockPatience = TimeSpan.FromMinutes(2);

    /// <summary>One failure is noise, three in a row are a sensor that is away.</summary>
    private const int FailuresToTell = 3;

    /// <summary>Sensors that are told of one by one. A bus that hangs takes all of its sensors with it.</summary>
    private const int MostSensors = 5;

    public static IReadOnlyList<Finding> Of(AgentStatus status) =>
        [.. OfSpool(status).Concat(OfLine(status)).Concat(OfCertificate(status)).Concat(OfSensors(status)).Concat(OfClock(status)).Concat(OfBudgets(status))
            .Concat(OfLosses(status)).Concat(OfConfiguration(status)).OrderByDescending(static finding => finding.IsWrong)];

    private static IEnumerable<Finding> OfSpool(AgentStatus status)
    {
        switch (status.Spool)
        {
            case null:
                yield return new Finding(
                    true, $"The spool {status.Buffer.Folder} cannot be opened, and readings are in memory alone: {status.Buffer.Obstacle ?? "its disk failed."}",
                    "Look at the disk: edge-agent doctor.");
                break;
            case SpoolState.Broken:
                yield return new Finding(
                    true, "The spool's disk fails, and readings are in memory alone. The agent opens it again by itself.",
                    "Look at the disk: edge-agent doctor. A card that fails again has to be replaced.");
                break;
            case SpoolState.Full:
                yield return new Finding(
                    true, "The spool is full: old readings give way to new ones.", "Bring the line back, or raise spool.maximumBytes where the disk has room.");
                break;
        }
    }

    private static IEnumerable<Finding> OfLine(AgentStatus status)
    {
        LineStanding line = status.Connection.Line;
        if (status.Lanes.Any(static lane => lane.State == UploadState.Diverged))
        {
            yield return new Finding(
                true, "The service has readings of this spool that this device never sent. Nothing is sent any more.",
                "Is this card a copy of another device's? Move the spool away, so that a new one is made, and export the old one.");
        }
        else if (status.Lanes.Any(static lane => lane.State == UploadState.Refused))
        {
            yield return new Finding(
                true, $"The service has refused this device for {Span(line.For)}: {line.LastFailure}", "All is kept. Ask whoever runs the service whether the device may send.");
        }
        else if (line.State == LineState.Offline && line.For >= Blip)
        {
            yield return new Finding(
                true, $"The service has been out of reach for {Span(line.For)}: {line.LastFailure}", "All is kept. Look at the line, then: edge-agent doctor.");
        }
        else if (status.Uplink.IsStalled)
        {
            yield return new Finding(
                true, $"The service answers and acknowledges nothing, {Number(status.Uplink.FruitlessConnections)} connections in a row.",
                "All is kept. Ask whoever runs the service.");
        }
    }

    private static IEnumerable<Finding> OfCertificate(AgentStatus status)
    {
        if (status.Certificate.Renewal == IdentityState.Unenrolled)
        {
            yield return new Finding(true, "This device has no certificate.", "Enrol it: edge-agent enroll.");
        }
        else if (status.Certificate.Left is { } left && left < ShortOfCertificate)
        {
            yield return new Finding(
                true, left <= TimeSpan.Zero ? $"The certificate expired {Span(-left)} ago." : $"The certificate expires in {Span(left)} and has not been renewed.",
                status.Certificate.Renewal is null ? "Put a new certificate and key in the place of the old ones." : "Look why: journalctl -u edge-agent -g certificate.");
        }
    }

    private static IEnumerable<Finding> OfSensors(AgentStatus status)
    {
        SensorStatus[] failing = [.. status.Sensors.Where(static sensor => sensor.Tally.FailedInARow >= FailuresToTell)];
        foreach (SensorStatus sensor in failing.Take(MostSensors))
        {
            string since = sensor.Tally.AnsweredAgo is { } ago ? $"for {Span(ago)}" : "since the start";
            yield return new Finding(
                true, $"The sensor {sensor.Name} ({sensor.Description}) has given no value {since}: {QualityWord.Of(sensor.Tally.Quality)}.",
                "Look at its wiring and its address: edge-agent scan.");
        }
        if (failing.Length > MostSensors)
        {
            yield return new Finding(true, $"{Number(failing.Length - MostSensors)} more sensors give no value.", "Look at what they share: a bus, a power supply.");
        }
    }

    private static IEnumerable<Finding> OfClock(AgentStatus status)
    {
        if (!status.IsTimeKnown && status.Running >= ClockPatience)
        {
            yield return new Finding(
                true, "The time is not known: times of readings are provisional, and corrected once it is.", "Let NTP reach a server: timedatectl. Or bring the line back.");
        }
    }

    private static IEnumerable<Finding> OfBudgets(AgentStatus status)
    {
        if (status.Flash.LeftToday < 0)
        {
            yield return new Finding(
                true, "More was written to flash today than spool.maximumBytesPerDay allows.", "Report less, or more rarely, or raise it.");
        }
        if (status.Traffic.Live.Cause is HoldCause.DayUsed or HoldCause.MonthUsed)
        {
            yield return new Finding(true, $"Live data is {status.Traffic.Live.Describe(status.Traffic.Now)}.", "All is kept. Report less, or raise the budget.");
        }
    }

    private static IEnumerable<Finding> OfLosses(AgentStatus status)
    {
        ulong lost = status.Losses.InLedger.Aggregate(0UL, static (sum, cause) => sum + cause.Value);
        if (lost > 0)
        {
            string causes = string.Join(", ", status.Losses.InLedger.Select(static cause => $"{Number(cause.Value)} {LossCauseWord.Of(cause.Key)}"));
            yield return new Finding(false, $"Readings were lost, and the service does not know yet: {causes}.", "Nothing: it is told with the next upload.");
        }
        if (status.Losses.Dropped.Count > 0)
        {
            string causes = string.Join(", ", status.Losses.Dropped.Select(static cause => $"{Number(cause.Value)} {TotalBy<DropCause>.Label(cause.Key)}"));
            yield return new Finding(false, $"Readings were dropped since the start: {causes}.", "docs/status.md says what each cause means.");
        }
    }

    private static IEnumerable<Finding> OfConfiguration(AgentStatus status)
    {
        if (status.Configuration is not { } configuration)
        {
            yield break;
        }
        if (configuration.Last is { Outcome: RevisionOutcome.Rejected or RevisionOutcome.Reverted } last)
        {
            string outcome = last.Outcome == RevisionOutcome.Rejected ? "was rejected" : "was given up";
            yield return new Finding(
                false, $"Revision {Number(last.Revision.Number)} of the configuration {outcome}: {(last.Errors is [var first, ..] ? first.ToString() : "no reason is known.")}",
                "Correct it and send it under another number; edge-agent config history has all of it.");
        }
        if (configuration.TrialLeft is { } left)
        {
            yield return new Finding(
                false, $"Revision {Number(configuration.Trial.Number)} of the configuration is on trial, for {Span(left)} more at most.", "Nothing: it proves itself, or goes back.");
        }
    }

    /// <summary>Two units are enough.</summary>
    private static string Span(TimeSpan time) => Duration.Rough(time);

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
