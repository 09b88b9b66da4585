using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Batching;
using EdgeAgent.Testing;
using EdgeAgent.Updates;

namespace EdgeAgent.Tests.Updates;

/// <summary>
/// A folder that stands for the root of a device: the package's program, which says that it is 0.3.0, a trusted key, and a systemctl that writes down what it is asked. The programs are
/// shell scripts that answer as edge-agent does.
/// </summary>
internal sealed class InstalledDevice : IDisposable
{
    public const string Installed = "0.3.0";

    /// <summary>Of a trial: ten looks. Each starts a systemctl.</summary>
    public const int LimitSeconds = 50;
    /// <summary>That of this machine: judges that are processes of their own see no other.</summary>
    public static readonly Guid FirstBoot = BootId.Current;

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public InstalledDevice()
    {
        // The agent's user, as whom a program is tried, has to get there.
        File.SetUnixFileMode(_folder.Path, Executable);
        Paths = new UpdatePaths(Root);
        foreach (string folder in new[] { Paths.Keys, Path.GetDirectoryName(Paths.Package)!, Path.GetDirectoryName(Paths.StatusSocket)!, Path.Combine(Root, "bin") })
        {
            Directory.CreateDirectory(folder);
        }
        File.WriteAllText(Path.Combine(Paths.Keys, "release.pem"), _key.ExportSubjectPublicKeyInfoPem());
        WriteProgram(Paths.Package, Script(Installed));
        WriteProgram(SystemctlPath, $"#!/bin/sh\necho \"$@\" >> {Root}/asked\n[ \"$1\" != show ] || cat {Root}/restarts\n");
        File.WriteAllText(Path.Combine(Root, "restarts"), "0\n");
        Status = new StatusResponder(Paths.StatusSocket);
    }

    public string Root => _folder.Path;

    public UpdatePaths Paths { get; }

    public JumpingTime Time { get; } = new();

    public StatusResponder Status { get; }

    public UpdateStore Store => new(Paths);

    public string SystemctlPath => Path.Combine(Root, "bin", "systemctl");

    /// <summary>What systemd was asked to do.</summary>
    public string Asked => File.Exists(Path.Combine(Root, "asked")) ? File.ReadAllText(Path.Combine(Root, "asked")) : "";

    public int Restarts
    {
        set => File.WriteAllText(Path.Combine(Root, "restarts"), $"{value}\n");
    }

    /// <summary>A program that says a version and accepts any configuration.</summary>
    public static string Script(string version) => $"#!/bin/sh\ncase \"$1\" in version) echo 'edge-agent {version}, .NET 10.0.0, linux-x64';; config) echo sound;; *) exit 64;; esac\n";

    public UpdateManifest Manifest(string version, string script, string? rid = null, string minimum = "0.1.0")
    {
        byte[] program = Encoding.UTF8.GetBytes(script);
        return new UpdateManifest(
            1, "edge-agent", version, rid ?? RuntimeInformation.RuntimeIdentifier, minimum, "2026-12-01", program.Length, Convert.ToHexStringLower(SHA256.HashData(program)));
    }

    /// <summary>An update that the trusted key has signed.</summary>
    public string Bundle(string version, string? script = null, UpdateManifest? manifest = null, ECDsa? key = null)
    {
        script ??= Script(version);
        byte[] signed = (manifest ?? Manifest(version, script)).Encode();
        byte[] signature = (key ?? _key).SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        string path = _folder[$"{version}.update"];
        using var program = new MemoryStream(Encoding.UTF8.GetBytes(script));
        using FileStream file = File.Create(path);
        UpdateBundle.Write(file, signed, signature, program);
        return path;
    }

    public Task<Refusal?> OrderAsync(
        string bundle, bool downgrade = false, int limitSeconds = LimitSeconds, TrialProof proof = TrialProof.Receipt, bool isTried = true) =>
        new UpdateOrder(Paths, Time, FirstBoot).PlaceAsync(
            new UpdateWish(bundle, Paths.Configuration, downgrade, TimeSpan.FromSeconds(limitSeconds), proof), isTried, CancellationToken.None);

    /// <summary>Judges to the end.</summary>
    /// <param name="boot">The boot of the machine in which it is judged.</param>
    /// <param name="killAtLook">The judge is ended at that look.</param>
    /// <returns>Null where it was ended.</returns>
    public async Task<JudgeOutcome?> JudgeAsync(Guid? boot = null, int killAtLook = int.MaxValue)
    {
        using var killed = new CancellationTokenSource();
        int looks = 0;
        void Count()
        {
            if (++looks == killAtLook)
            {
                killed.Cancel();
            }
        }
        Status.Asked += Count;
        try
        {
            return await new UpdateJudge(Paths, new Systemd(SystemctlPath), Time, boot ?? FirstBoot, static _ => { }).RunAsync(killed.Token);
        }
        catch (OperationCanceledException) when (killed.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Status.Asked -= Count;
        }
    }

    /// <summary>The version that systemd would start now. Fails where it would find nothing to start.</summary>
    public string Starts()
    {
        if (!File.Exists(Paths.DropIn))
        {
            return Installed;
        }
        string version = InstalledProgram.VersionAt(Paths.Current)!.Text;
        Assert.Contains("/opt/edge-agent/current/edge-agent run", File.ReadAllText(Paths.DropIn), StringComparison.Ordinal);
        string program = Path.Combine(Paths.Current, "edge-agent");
        Assert.Equal(Script(version), File.ReadAllText(program));
        Assert.Equal(Executable, File.GetUnixFileMode(program));
        return version;
    }

    public void Dispose()
    {
        Status.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    private static void WriteProgram(string path, string script)
    {
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, Executable);
    }
}
