using Container.Native.Json;

namespace Container.Runtime.State;

/// <summary>A container as <c>state</c> and <c>list</c> print it: the specification's members, and those runc adds.</summary>
internal sealed class ContainerReport : IJsonWritable
{
    private readonly StoredState state;

    public ContainerReport(ContainerDirectory directory)
    {
        state = directory.State;
        Id = directory.Id;
        Status = directory.GetStatus();
        Owner = UserNames.Find(directory.GetOwner());
    }

    public string Id { get; }

    public ContainerStatus Status { get; }

    public int Pid => Status == ContainerStatus.Stopped ? 0 : state.Pid;

    public string Bundle => state.Bundle;

    public DateTimeOffset? Created => state.Created;

    /// <summary>The name of the user whose container it is.</summary>
    public string Owner { get; }

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("ociVersion"u8, state.OciVersion);
        json.Member("id"u8, Id);
        json.Member("pid"u8, Pid);
        json.Member("status"u8, StatusText.Of(Status));
        json.Member("bundle"u8, Bundle);
        json.Member("rootfs"u8, state.Rootfs);
        json.Member("created"u8, Created);
        json.Member("annotations"u8, state.Annotations);
        json.Member("owner"u8, Owner);
    }
}
