using EdgeAgent.Pacing;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics.Limits;

/// <summary>One sentence of the program, and what it is about: how often it may be logged, and how often it was not. Any thread.</summary>
/// <param name="time">A clock that only counts.</param>
/// <param name="logger">Takes what may pass.</param>
/// <param name="level">Of the sentence.</param>
/// <param name="sentence">The event.</param>
/// <param name="ofSubject">Lines of one subject.</param>
/// <param name="ofAll">Lines of all.</param>
internal sealed class LogPlace(TimeProvider time, ILogger logger, LogLevel level, EventId sentence, CellRate ofSubject, CellRate ofAll)
{
    /// <summary>Subjects that are told apart. Those beyond share one: a card of sensors that all fail has been told of by then.</summary>
    private const int MostSubjects = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subject> _subjects = new(StringComparer.Ordinal);
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _full; // as ofAll has it
    private long _leftOut; // of those that are not told of yet
    private string? _template;

    /// <summary>Whether a line may be logged.</summary>
    /// <param name="about">Its subject; empty where it has none.</param>
    /// <param name="template">The sentence with its gaps; null where nobody knows.</param>
    /// <param name="leftOut">How many of the same subject were not, before this one.</param>
    public bool TryPass(string about, string? template, out long leftOut)
    {
        TimeSpan now = time.GetElapsedTime(_origin);
        lock (_gate)
        {
            if (!_subjects.TryGetValue(about, out Subject? subject))
            {
                about = _subjects.Count < MostSubjects ? about : "";
                if (!_subjects.TryGetValue(about, out subject))
                {
                    _subjects[about] = subject = new Subject();
                }
            }
            subject.SeenAt = now;
            if (ofSubject.TryTake(ref subject.Full, now) && ofAll.TryTake(ref _full, now))
            {
                (leftOut, subject.LeftOut) = (subject.LeftOut, 0);
                _leftOut -= leftOut;
                return true;
            }
            leftOut = 0;
            subject.LeftOut++;
            _leftOut++;
            _template ??= template;
            return false;
        }
    }

    /// <summary>Tells of what was left out of subjects that have been silent since: in one line, however many they are.</summary>
    public void TellWhatIsLeft()
    {
        (long leftOut, int subjects, string last) = (0, 0, "");
        lock (_gate)
        {
            if (_leftOut == 0)
            {
                return;
            }
            TimeSpan now = time.GetElapsedTime(_origin);
            foreach ((string about, Subject subject) in _subjects)
            {
                if (subject.LeftOut > 0 && now - subject.SeenAt >= LogLimits.Period)
                {
                    (leftOut, subjects, last) = (leftOut + subject.LeftOut, subjects + 1, about);
                    subject.LeftOut = 0;
                }
            }
            _leftOut -= leftOut;
        }
        if (leftOut > 0)
        {
            string? template = _template ?? sentence.Name;
            string of = subjects > 1 ? $" about {subjects} things" : last.Length > 0 ? $" about {last}" : "";
            logger.Log(
                level, sentence, (leftOut, of, template), null,
                static (line, _) => $"{line.leftOut} more lines like this were left out{line.of}: {line.template}");
        }
    }

    private sealed class Subject
    {
        public TimeSpan Full; // as ofSubject has it
        public TimeSpan SeenAt;
        public long LeftOut;
    }
}
