using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Identity;
using EdgeAgent.Spooling.Files;
using EdgeAgent.Updates;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent update keygen | manifest | sign</c>: makes updates. Whoever has openssl, tar and gzip needs only the manifest.</summary>
internal static class UpdateSigningCommands
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static Command CreateKeygen()
    {
        var output = new Argument<string>("NAME") { Description = "Where the keys go: NAME.key, which stays with who signs, and NAME.pem, which devices get." };
        var command = new Command("keygen", "Make a pair of keys for signing updates.") { output };
        command.SetAction(parsed => CommandOutcome.Run(parsed, () =>
        {
            string name = parsed.GetRequiredValue(output);
            if (File.Exists(name + ".key"))
            {
                return CommandOutcome.Fail(parsed, $"{name}.key is there already. Devices trust it: choose another name.");
            }
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            DurableFile.Replace(name + ".key", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), OwnerOnly);
            DurableFile.Replace(name + ".pem", Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"), Readable);
            parsed.InvocationConfiguration.Output.WriteLine($"Keep {name}.key. Put {name}.pem into /etc/edge-agent/update-keys of each device.");
            return ExitCode.Success;
        }));
        return command;
    }

    public static Command CreateManifest()
    {
        var described = new DescribedProgram();
        var command = new Command("manifest", "Print what is to be signed of a program, for a signature made elsewhere.");
        described.AddTo(command);
        command.SetAction(parsed => CommandOutcome.Run(parsed, () =>
        {
            if (!described.TryRead(parsed, out UpdateManifest manifest, out string problem))
            {
                return CommandOutcome.Fail(parsed, problem);
            }
            // Without a newline: these very bytes are signed.
            parsed.InvocationConfiguration.Output.Write(Encoding.UTF8.GetString(manifest.Encode()));
            return ExitCode.Success;
        }));
        return command;
    }

    public static Command CreateSign()
    {
        var described = new DescribedProgram();
        var key = new Option<string>("--key") { Description = "The private key, as keygen or openssl has made it.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The update.", HelpName = "FILE", Required = true };
        var command = new Command("sign", "Make an update of a program.") { key, output };
        described.AddTo(command);
        command.SetAction(parsed => CommandOutcome.Run(parsed, () =>
        {
            if (!described.TryRead(parsed, out UpdateManifest manifest, out string problem))
            {
                return CommandOutcome.Fail(parsed, problem);
            }
            byte[] signed = manifest.Encode();
            using ECDsa secret = PemFiles.LoadKey(parsed.GetRequiredValue(key));
            byte[] signature = secret.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            using FileStream program = File.OpenRead(parsed.GetRequiredValue(described.Program));
            using var file = new DurableFile(parsed.GetRequiredValue(output), Readable);
            UpdateBundle.Write(file.Stream, signed, signature, program);
            file.Commit();
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Version {manifest.Version} for {manifest.Rid}: {parsed.GetRequiredValue(output)}"));
            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>A program, and what its bytes do not say.</summary>
    private sealed class DescribedProgram
    {
        private readonly Option<string> _version = new("--version-is") { Description = "Its version.", HelpName = "VERSION", Required = true };
        private readonly Option<string> _rid = new("--rid")
        {
            Description = "What it was published for, such as linux-arm64.",
            HelpName = "RID",
            DefaultValueFactory = static _ => RuntimeInformation.RuntimeIdentifier,
        };

        private readonly Option<string> _minimum = new("--minimum")
        {
            Description = "The oldest version that it may follow: whose spool, configuration and identity it reads.",
            HelpName = "VERSION",
            DefaultValueFactory = static _ => "0.1.0",
        };

        public Option<string> Program { get; } = new("--program") { Description = "The program, as it was published.", HelpName = "FILE", Required = true };

        public void AddTo(Command command)
        {
            foreach (Option option in new Option[] { Program, _version, _rid, _minimum })
            {
                command.Add(option);
            }
        }

        public bool TryRead(ParseResult parsed, out UpdateManifest manifest, out string problem)
        {
            using FileStream program = File.OpenRead(parsed.GetRequiredValue(Program));
            manifest = new UpdateManifest(
                UpdateManifest.KnownFormat, UpdatePaths.ProgramName, parsed.GetRequiredValue(_version), parsed.GetRequiredValue(_rid), parsed.GetRequiredValue(_minimum),
                TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), program.Length, Convert.ToHexStringLower(SHA256.HashData(program)));
            problem = $"Version or minimum is none (0.4.0 or 0.4.0-rc.1), or the program is empty or larger than {UpdateManifest.MaximumProgramBytes >> 20} MiB.";
            return UpdateManifest.TryRead(manifest.Encode(), out _);
        }
    }
}
