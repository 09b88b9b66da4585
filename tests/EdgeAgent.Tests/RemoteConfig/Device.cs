using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.RemoteConfig;

/// <summary>A device's disk: its own file, and its state folder.</summary>
internal sealed class Device : IDisposable
{
    public static readonly Guid Boot = new("11111111-2222-3333-4444-555555555555");

    private string _cloud;

    public Device()
    {
        _cloud = Read.Cloud(Folder);
        WriteOwn("");
    }

    public TemporaryFolder Folder { get; } = new();

    public string File => Folder["agent.json"];

    public string StateFolder => Folder["state"];

    public string Configs => RevisionStore.FolderIn(StateFolder);

    public OwnFile Own => OwnFile.TryRead(File, out OwnFile own, out _) ? own : throw new InvalidOperationException("There is no own file.");

    public void WriteOwn(string more) => System.IO.File.WriteAllText(
        File, $$"""{ "device": { "state": "{{StateFolder}}" }, {{_cloud}}, "spool": { "path": "{{Folder["spool"]}}" }{{(more.Length > 0 ? ", " : "")}}{{more}} }""");

    /// <summary>A cloud that is really there, and a trial as short as may be.</summary>
    public void ReportTo(int port, TestAuthority authority)
    {
        TestAuthority.WritePem(authority.IssueDevice("device-1"), Folder.Path, "device");
        System.IO.File.WriteAllText(Folder["ca.crt"], authority.RootPem);
        _cloud = $$"""
            "cloud": { "endpoint": "https://localhost:{{port}}", "ca": "ca.crt", "certificate": "device.crt", "key": "device.key", "proxy": "none", "backoffFirst": "50ms" }
            """;
        WriteOwn(""" "remote": { "trial": "10s" } """);
    }

    public RevisionStore OpenStore()
    {
        var store = new RevisionStore(StateFolder, NullLogger.Instance);
        store.Open();
        return store;
    }

    public static Revision Revision(ulong number, string document, bool bootstrap = false, uint trialSeconds = 0)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(document);
        return new Revision(new RevisionHeader(number, RevisionHeader.HashOf(bytes), "alice", trialSeconds, bootstrap), bytes);
    }

    /// <summary>The device has run under these revisions, and the last of them is good.</summary>
    public RevisionStore Remembering(params Revision[] revisions)
    {
        RevisionStore store = OpenStore();
        foreach (Revision revision in revisions)
        {
            store.Keep(revision);
            store.Save(store.State with { Previous = store.State.Good, Good = revision.Header, OwnHash = Own.Hash });
        }
        return store;
    }

    public Layered Alone() => Layered.TryRead(Own, out Layered? alone, out IReadOnlyList<ConfigError> errors)
        ? alone : throw new InvalidOperationException(string.Join('\n', errors));

    public Layered Start(RevisionStore store, Guid? boot = null)
    {
        Assert.True(StartingPoint.TryFind(Own, store, boot ?? Boot, NullLogger.Instance, out Layered? start, out IReadOnlyList<ConfigError> errors), string.Join('\n', errors));
        return start;
    }

    public void Dispose() => Folder.Dispose();
}
