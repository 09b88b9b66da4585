using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace EdgeAgent.Ingestion.Diagnostics;

/// <summary>The files of the services that are served, with all that they import, by file name and by symbol.</summary>
internal sealed class FileDescriptors
{
    private readonly Dictionary<string, FileDescriptor> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _bySymbol = new(StringComparer.Ordinal);

    public FileDescriptors(params ServiceDescriptor[] services)
    {
        Services = [.. services.Select(service => service.FullName)];
        foreach (ServiceDescriptor service in services)
        {
            Add(service.File);
        }
    }

    public IReadOnlyList<string> Services { get; }

    public bool TryFindFile(string name, [NotNullWhen(true)] out FileDescriptor? file) => _byName.TryGetValue(name, out file);

    public bool TryFindSymbol(string fullName, [NotNullWhen(true)] out FileDescriptor? file) => _bySymbol.TryGetValue(fullName, out file);

    /// <summary>A file before everything that it imports, each once, so that the caller need not ask again.</summary>
    public static IEnumerable<FileDescriptor> WithImports(FileDescriptor file)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<FileDescriptor>([file]);
        while (open.TryDequeue(out FileDescriptor? next))
        {
            if (!seen.Add(next.Name))
            {
                continue;
            }
            yield return next;
            foreach (FileDescriptor import in next.Dependencies)
            {
                open.Enqueue(import);
            }
        }
    }

    private void Add(FileDescriptor file)
    {
        if (!_byName.TryAdd(file.Name, file))
        {
            return;
        }
        foreach (ServiceDescriptor service in file.Services)
        {
            _bySymbol[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods)
            {
                _bySymbol[method.FullName] = file;
            }
        }
        foreach (MessageDescriptor message in file.MessageTypes)
        {
            Add(message);
        }
        foreach (EnumDescriptor enumeration in file.EnumTypes)
        {
            _bySymbol[enumeration.FullName] = file;
        }
        foreach (FileDescriptor import in file.Dependencies)
        {
            Add(import);
        }
    }

    private void Add(MessageDescriptor message)
    {
        _bySymbol[message.FullName] = message.File;
        foreach (EnumDescriptor enumeration in message.EnumTypes)
        {
            _bySymbol[enumeration.FullName] = message.File;
        }
        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            Add(nested);
        }
    }
}
