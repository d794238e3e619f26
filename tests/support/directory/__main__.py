from tests.support.directory import unpack

print(unpack())
