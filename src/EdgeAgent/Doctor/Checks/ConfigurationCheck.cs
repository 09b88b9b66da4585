using System.Globalization;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether the agent would start with its configuration, and which revision is in force.</summary>
internal sealed class ConfigurationCheck(ExaminedDevice device) : IDoctorCheck
{
    /// <summary>All stand in <c>config check</c>; the first few say what kind of trouble it is.</summary>
    private const int MostErrors = 5;

    public string Name => "configuration";

    public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Diagnosis>>([.. Diagnose()]);

    private IEnumerable<Diagnosis> Diagnose()
    {
        string file = device.ConfigurationFile;
        if (device.Configuration is null)
        {
            string sudo = device.IsRoot ? "" : " Run it with sudo, as files may not be yours to read.";
            foreach (string error in device.Errors.Take(MostErrors).Select(error => error.ToString()))
            {
                yield return Diagnosis.Fail("", error, $"Correct it; edge-agent config check --config {file} tells all at once.{sudo}");
            }
            yield break;
        }
        RevisionState revisions = device.Revisions;
        yield return Diagnosis.Pass(
            "", revisions.Running.IsNone ? $"{file} is sound and in force alone."
            : string.Create(CultureInfo.InvariantCulture, $"{file} is sound; revision {revisions.Running.Number} by {revisions.Running.Author} is in force over it{(revisions.Trial.IsNone ? "" : ", on trial")}."));
        if (revisions.Events is [.., { Outcome: RevisionOutcome.Rejected or RevisionOutcome.Reverted } last])
        {
            string why = last.Errors.Count > 0 ? last.Errors[0].ToString() : "without a reason";
            string what = last.Outcome == RevisionOutcome.Rejected ? "refused" : "given up";
            yield return Diagnosis.Warn(
                "", string.Create(CultureInfo.InvariantCulture, $"Revision {last.Revision.Number} was {what}: {why}"), "Correct the revision in the cloud; edge-agent config history has all reasons.");
        }
    }
}
