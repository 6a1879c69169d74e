using System.Security.Cryptography;
using System.Text;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Files;
using Container.Native.Files;
using Container.Native.Oci;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    // The values are written anew for each start, beside the state of what runs: that is memory on most hosts.
    private void WriteSecrets(ContainerDocument document)
    {
        if (document.Configuration.Secret is not { Count: > 0 } texts) return;
        OciSpec spec = ReadSpec(document);
        IdShift ids = new(spec.Linux?.UidMappings, spec.Linux?.GidMappings);
        using RootDirectory run = Stored.Open(store.RunDirectory(document.Id));
        run.Remove(SpecSecrets.DirectoryName);
        run.MakeDirectory(SpecSecrets.DirectoryName, 0x1C0);
        foreach ((string file, ContainerSecret secret) in SpecSecrets.Files(texts))
        {
            byte[] value = secrets.ReadValue(secret.Name);
            try
            {
                string path = $"{SpecSecrets.DirectoryName}/{file}";
                run.WriteFile(path, value, 0x180);
                (uint uid, uint gid) = ids.ToHost(secret.Uid, secret.Gid);
                run.SetOwner(path, uid, gid);
                run.SetMode(path, secret.Mode);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(value);
            }
        }
    }

    private string ReadSecret(string name)
    {
        byte[] value = secrets.ReadValue(name);
        try
        {
            return Encoding.UTF8.GetString(value);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }
}
