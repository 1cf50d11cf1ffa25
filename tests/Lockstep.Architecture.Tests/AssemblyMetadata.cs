using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Lockstep.Architecture.Tests;

/// <summary>
/// What a built assembly refers to, read from its metadata: independent of source text and of the analyzers that ran over it.
/// </summary>
/// <param name="AssemblyReferences">Simple names of the assemblies it references.</param>
/// <param name="TypeReferences">Full names of the types of other assemblies it uses, generic arity as in <c>Task`1</c>.</param>
/// <param name="MemberReferences">Members of those types, as <c>Namespace.Type.Member(ParameterType,…)</c>.</param>
internal sealed record AssemblyMetadata(
    ImmutableHashSet<string> AssemblyReferences, ImmutableHashSet<string> TypeReferences, ImmutableHashSet<string> MemberReferences)
{
    /// <summary>Reads the assembly that a product project builds, from the folder the tests run in.</summary>
    public static AssemblyMetadata OfProject(string project) =>
        OfFile(Path.Combine(AppContext.BaseDirectory, (project == "Lockstep.Cli" ? "lockstep" : project) + ".dll"));

    /// <summary>Reads an assembly.</summary>
    public static AssemblyMetadata OfFile(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        MetadataReader reader = image.GetMetadataReader();
        return new AssemblyMetadata(
            [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))],
            [.. reader.TypeReferences.Select(handle => TypeNames.FullName(reader, handle))],
            [.. reader.MemberReferences.Select(handle => MemberName(reader, reader.GetMemberReference(handle))).OfType<string>()]);
    }

    private static string? MemberName(MetadataReader reader, MemberReference member)
    {
        string? owner = member.Parent.Kind switch
        {
            HandleKind.TypeReference => TypeNames.FullName(reader, (TypeReferenceHandle)member.Parent),
            HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(TypeNames.Instance, null),
            _ => null,
        };
        if (owner is null)
        {
            return null;
        }

        string name = $"{owner}.{reader.GetString(member.Name)}";
        return member.GetKind() == MemberReferenceKind.Method
            ? $"{name}({string.Join(',', member.DecodeMethodSignature(TypeNames.Instance, null).ParameterTypes)})"
            : name;
    }

    /// <summary>Renders types of signatures by full name; type arguments are dropped, they are type references of their own.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public static TypeNames Instance { get; } = new();

        public static string FullName(MetadataReader reader, TypeReferenceHandle handle)
        {
            TypeReference type = reader.GetTypeReference(handle);
            string name = reader.GetString(type.Name);
            string space = reader.GetString(type.Namespace);
            string outer = type.ResolutionScope.Kind == HandleKind.TypeReference
                ? FullName(reader, (TypeReferenceHandle)type.ResolutionScope) + "."
                : space.Length == 0 ? "" : space + ".";
            return outer + name;
        }

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "method";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

        public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => FullName(reader, handle);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
    }
}
