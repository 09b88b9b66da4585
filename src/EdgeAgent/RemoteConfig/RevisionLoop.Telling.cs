using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <content>What is said about revisions. The first word of a reason is for programs, and stays.</content>
internal sealed partial class RevisionLoop
{
    private IReadOnlyList<RevisionError> Reasons(TrialVerdict verdict, in TrialSample seen) => verdict switch
    {
        TrialVerdict.NoReceipt => [new RevisionError("", $"no-receipt: Within {Configuration.Duration.Format(_limit)} the service stored nothing that was read under it.")],
        TrialVerdict.LosesReadings => [new RevisionError("", $"floods: {seen.Lost} readings found no room under it.")],
        TrialVerdict.FallsBehind => [new RevisionError("", $"floods: It gives more than the line carries: {seen.BacklogGrowth} bytes more are waiting than before it.")],
        TrialVerdict.NoSensorAnswers =>
            [new RevisionError("", $"no-sensor: None of the {seen.SensorsAsked} sensors that it names answers."), .. agent.SilentSensors(_limit)],
        _ => [new RevisionError("", "ended: The agent ended by itself under it.")],
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Number} of the configuration by {Author} has come, {Bytes} bytes.")]
        public static partial void Received(ILogger logger, ulong number, string author, int bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Number} was refused or given up before, and is not tried again. Send it under another number.")]
        public static partial void KnownAsBad(ILogger logger, ulong number);

        [LoggerMessage(Level = LogLevel.Error, Message = "Revision {Number} is rejected for {Count} errors, and nothing has changed. {Errors}")]
        public static partial void Rejected(ILogger logger, ulong number, int count, string errors);

        [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Number} is in force, on trial for {Limit} at most.")]
        public static partial void OnTrial(ILogger logger, ulong number, TimeSpan limit);

        [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Number} has proven itself and is the last good one.")]
        public static partial void Applied(ILogger logger, ulong number);

        [LoggerMessage(Level = LogLevel.Error, Message = "Revision {Number} is given up, and the agent goes back to {Good} (0: its own file). {Reasons}")]
        public static partial void Reverted(ILogger logger, ulong number, ulong good, string reasons);

        [LoggerMessage(Level = LogLevel.Error, Message = "Bringing configuration {Number} into force failed.")]
        public static partial void NotApplied(ILogger logger, ulong number, Exception failure);

        [LoggerMessage(Level = LogLevel.Information, Message = "The configuration was read again from {Path}, with revision {Number} over it (0: none).")]
        public static partial void Reloaded(ILogger logger, string path, ulong number);

        [LoggerMessage(Level = LogLevel.Error, Message = "The configuration was read again from {Path} and is wrong; nothing has changed.\n{Errors}")]
        public static partial void NotReloaded(ILogger logger, string path, string errors);
    }
}
