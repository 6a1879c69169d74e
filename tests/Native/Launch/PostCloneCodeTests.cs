using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Container.Native.Launch;
using Xunit;

namespace Container.Native.Tests.Launch;

/// <summary>
/// Reads the compiled code of <see cref="LaunchRunner"/> and of everything it calls: after clone nothing may allocate,
/// throw, take a lock, call through a table or run a class constructor.
/// </summary>
public sealed class PostCloneCodeTests : IDisposable
{
    private static readonly HashSet<OpCode> Forbidden =
    [
        OpCodes.Newobj, OpCodes.Newarr, OpCodes.Box, OpCodes.Unbox, OpCodes.Unbox_Any, OpCodes.Ldstr, OpCodes.Throw,
        OpCodes.Rethrow, OpCodes.Callvirt, OpCodes.Calli, OpCodes.Ldvirtftn, OpCodes.Ldftn, OpCodes.Castclass,
        OpCodes.Isinst, OpCodes.Ldsfld, OpCodes.Ldsflda, OpCodes.Stsfld, OpCodes.Ldtoken, OpCodes.Mkrefany,
        OpCodes.Ldelem, OpCodes.Ldelem_Ref, OpCodes.Stelem_Ref, OpCodes.Ldlen,
    ];

    // What the compiler replaces by a constant.
    private static readonly HashSet<string> Intrinsics = ["X64.get_IsSupported"];

    private readonly PEReader file = new(File.OpenRead(typeof(LaunchRunner).Assembly.Location));
    private readonly MetadataReader metadata;

    public PostCloneCodeTests() => metadata = file.GetMetadataReader();

    public void Dispose() => file.Dispose();

    [Fact]
    public void Code_after_clone_only_computes_and_makes_system_calls()
    {
        (List<string> faults, int methods) = Check(Find("LaunchRunner", "Run"));

        Assert.Empty(faults);
        Assert.True(methods > 20, $"only {methods} methods were reached: the walk is broken");
    }

    [Theory]
    [InlineData("LaunchPlan", "Text")]
    [InlineData("ChildProcess", "Wait")]
    public void The_check_finds_what_it_looks_for(string type, string method)
    {
        (List<string> faults, _) = Check(Find(type, method));

        Assert.NotEmpty(faults);
    }

    private (List<string> Faults, int Methods) Check(MethodDefinitionHandle start)
    {
        List<string> faults = [];
        HashSet<MethodDefinitionHandle> seen = [start];
        Queue<MethodDefinitionHandle> waiting = new([start]);
        while (waiting.TryDequeue(out MethodDefinitionHandle handle))
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            string name = Name(method);
            if (HasClassConstructor(method)) faults.Add($"{name}: its class has a constructor");
            if (method.RelativeVirtualAddress == 0)
            {
                if (!SuppressesTransition(method)) faults.Add($"{name}: a call out without SuppressGCTransition");
                continue;
            }

            MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
            if (body.ExceptionRegions.Length > 0) faults.Add($"{name}: an exception region");
            foreach ((OpCode code, int token) in IntermediateCode.Read(body))
            {
                if (Forbidden.Contains(code)) faults.Add($"{name}: {code}");
                if (code != OpCodes.Call) continue;
                EntityHandle target = MetadataTokens.EntityHandle(token);
                if (target.Kind == HandleKind.MethodDefinition)
                {
                    if (seen.Add((MethodDefinitionHandle)target)) waiting.Enqueue((MethodDefinitionHandle)target);
                }
                else if (!Intrinsics.Contains(Outside(target)))
                {
                    faults.Add($"{name}: calls {Outside(target)}");
                }
            }
        }

        return (faults, seen.Count);
    }

    private MethodDefinitionHandle Find(string type, string method) => metadata.MethodDefinitions
        .First(handle => Name(metadata.GetMethodDefinition(handle)) == $"{type}.{method}");

    private string Name(MethodDefinition method)
    {
        TypeDefinition type = metadata.GetTypeDefinition(method.GetDeclaringType());
        return $"{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}";
    }

    private string Outside(EntityHandle target)
    {
        if (target.Kind != HandleKind.MemberReference) return target.Kind.ToString();
        MemberReference member = metadata.GetMemberReference((MemberReferenceHandle)target);
        string type = member.Parent.Kind == HandleKind.TypeReference
            ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)
            : member.Parent.Kind.ToString();
        return $"{type}.{metadata.GetString(member.Name)}";
    }

    private bool HasClassConstructor(MethodDefinition method) => metadata
        .GetTypeDefinition(method.GetDeclaringType()).GetMethods()
        .Any(handle => metadata.GetString(metadata.GetMethodDefinition(handle).Name) == ".cctor");

    private bool SuppressesTransition(MethodDefinition method) => method.GetCustomAttributes()
        .Select(handle => metadata.GetCustomAttribute(handle).Constructor)
        .Where(constructor => constructor.Kind == HandleKind.MemberReference)
        .Any(constructor => Outside(constructor).StartsWith("SuppressGCTransition", StringComparison.Ordinal));
}
