using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics.Limits;

/// <summary>One sentence of the program, and what it is about: how often it may be logged, and how often it was not. Any thread.</summary>
/// <param name="time">A clock that only counts.</param>
/// <param name="logger">Takes what may pass.</param>
/// <param name="level">Of the sentence.</param>
/// <param name="sentence">The event.</param>
/// <param name="subjectBurst">Lines of one subject at once.</param>
/// <param name="placeBurst">Lines of all at once.</param>
/// <param name="subjectPeriod">After which one more of a subject may pass, as timestamps count.</param>
/// <param name="placePeriod">After which one more of all may.</param>
internal sealed class LogPlace(
    TimeProvider time, ILogger logger, LogLevel level, EventId sentence, int subjectBurst, int placeBurst, long subjectPeriod, long placePeriod)
{
    /// <summary>Subjects that are told apart. Those beyond share one: a card of sensors that all fail has been told of by then.</summary>
    private const int MostSubjects = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subject> _subjects = new(StringComparer.Ordinal);
    private TokenBucket _all = new(placeBurst, placePeriod);
    private long _leftOut; // of those that are not told of yet
    private string? _template;

    /// <summary>Whether a line may be logged.</summary>
    /// <param name="about">Its subject; empty where it has none.</param>
    /// <param name="template">The sentence with its gaps; null where nobody knows.</param>
    /// <param name="leftOut">How many of the same subject were not, before this one.</param>
    public bool TryPass(string about, string? template, out long leftOut)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (!_subjects.TryGetValue(about, out Subject? subject))
            {
                about = _subjects.Count < MostSubjects ? about : "";
                if (!_subjects.TryGetValue(about, out subject))
                {
                    _subjects[about] = subject = new Subject(new TokenBucket(subjectBurst, subjectPeriod));
                }
            }
            subject.SeenAt = now;
            if (subject.Bucket.TryTake(now) && _all.TryTake(now))
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
            long now = time.GetTimestamp();
            foreach ((string about, Subject subject) in _subjects)
            {
                if (subject.LeftOut > 0 && time.GetElapsedTime(subject.SeenAt, now) >= LogLimits.Period)
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

    private sealed class Subject(TokenBucket bucket)
    {
        public TokenBucket Bucket = bucket;
        public long LeftOut;
        public long SeenAt;
    }
}
