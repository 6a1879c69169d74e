using Container.Native.Oci;
using Xunit;

namespace Container.Native.Tests.Oci;

/// <summary>Every document that psrun or the engine reads: refused as an <see cref="OciException"/> or read.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void A_configuration_is_read_or_refused() => Run(
        static json => _ = OciDocument.Write(OciDocument.ReadSpec(json)),
        OciDocument.Write(DefaultSpec.Create()),
        OciDocument.Write(DefaultSpec.CreateRootless()),
        File.ReadAllBytes(Path.Join(Repository.Root, "tests", "Native", "Launch", "Plans", "full.json")));

    [Fact]
    public void A_process_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadProcess(json), OciDocument.Write(DefaultSpec.Create().Process!));

    [Fact]
    public void Resources_are_read_or_refused() => Run(
        static json => _ = OciDocument.ReadResources(json),
        """{"memory":{"limit":1,"swap":-1},"cpu":{"shares":2,"cpus":"0-1"},"pids":{"limit":3},"blockIO":{"weight":10},"unified":{"memory.high":"b"}}"""u8
            .ToArray());

    [Fact]
    public void A_filter_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadSeccomp(json),
        """{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]}]}"""u8
            .ToArray());

    [Fact]
    public void A_packet_of_the_monitor_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadMonitorMessage(json),
        """{"type":"exec","id":"x","message":"m","exitCode":1,"pid":7,"detach":true,"width":80,"height":24,"operation":"o","path":"/p","errno":2,"hint":"h"}"""u8
            .ToArray());

    [Fact]
    public void A_request_to_the_monitor_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadMonitorRequest(json),
        """{"id":"x","health":{"command":["true"],"interval":1},"rootfs":{"layers":["/a"],"upper":"/b"}}"""u8.ToArray());

    [Fact]
    public void A_state_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadState(json),
        """{"ociVersion":"1.0.2","id":"x","status":"running","pid":1,"bundle":"/b","annotations":{"a":"b"}}"""u8.ToArray());

    private static void Run(Action<byte[]> read, params byte[][] seeds) =>
        Fuzzer.Run(seeds, read, static failure => failure is OciException);
}
