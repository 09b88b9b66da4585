using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Testing;

namespace EdgeAgent.Interop.Serving;

/// <summary>The files of the protocol, each behind those that it imports.</summary>
internal static class ProtocolDescriptors
{
    public static FileDescriptorSet Create()
    {
        var set = new FileDescriptorSet();
        var seen = new HashSet<string>();
        Add(TestReflection.Descriptor, seen, set);
        Add(StatusReflection.Descriptor, seen, set);
        Add(ErrorDetailsReflection.Descriptor, seen, set);
        return set;
    }

    private static void Add(FileDescriptor file, HashSet<string> seen, FileDescriptorSet set)
    {
        if (seen.Add(file.Name))
        {
            foreach (FileDescriptor import in file.Dependencies)
            {
                Add(import, seen, set);
            }
            set.File.Add(FileDescriptorProto.Parser.ParseFrom(file.SerializedData));
        }
    }
}
