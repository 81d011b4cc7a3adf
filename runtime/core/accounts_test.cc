// SPDX-License-Identifier: MIT
#include "runtime/core/accounts.h"

#include <gtest/gtest.h>

#include <string>

namespace cation {
namespace {

std::string User(StringView text, uint32_t id) {
  const StringView name = AccountName(text, AccountFile::kUsers, id);
  return {name.data(), name.size()};
}
std::string Group(StringView text, uint32_t id) {
  const StringView name = AccountName(text, AccountFile::kGroups, id);
  return {name.data(), name.size()};
}

TEST(AccountsTest, HostFiles) {
  constexpr const char* kUsers =
      "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:100:a;b:/home/user:/bin/sh\nlast::7:1::/:";
  EXPECT_EQ(User(kUsers, 0), "root");
  EXPECT_EQ(User(kUsers, 1000), "user");
  EXPECT_EQ(User(kUsers, 7), "last");
  EXPECT_EQ(User(kUsers, 100), "");
  constexpr const char* kGroups = "root:x:0:\nwheel:x:10:a,b\n";
  EXPECT_EQ(Group(kGroups, 10), "wheel");
  EXPECT_EQ(Group(kGroups, 11), "");
}

TEST(AccountsTest, RedoxFiles) {
  constexpr const char* kUsers =
      "root;0;0;root;file:/root;file:/bin/ion\nuser;1000;1000;user;/home/user;/bin/ion\n";
  EXPECT_EQ(User(kUsers, 0), "root");
  EXPECT_EQ(User(kUsers, 1000), "user");
  EXPECT_EQ(User(kUsers, 1), "");
  constexpr const char* kGroups = "root;x;0;root\nsudo;x;1;user\nuser;;1000;user\n";
  EXPECT_EQ(Group(kGroups, 0), "root");
  EXPECT_EQ(Group(kGroups, 1), "sudo");
  EXPECT_EQ(Group(kGroups, 1000), "user");
}

TEST(AccountsTest, LinesOfBothForms) {
  constexpr const char* kUsers = "a;1;1;;;\nb:x:2:2:::\n";
  EXPECT_EQ(User(kUsers, 1), "a");
  EXPECT_EQ(User(kUsers, 2), "b");
}

TEST(AccountsTest, TheFirstLineCounts) { EXPECT_EQ(User("one:x:5:5\ntwo:x:5:5\n", 5), "one"); }

TEST(AccountsTest, WhatIsNotUnderstoodIsPassedOver) {
  constexpr const char* kUsers =
      "\n#comment\n::\n:x:3:\nname\nbad:x:12x:1\nneg:x:-1:1\nempty:x::1\nbig:x:4294967301:1\nhuge:"
      "x:99999999999999999999:1\n"
      "good:x:3:1";
  EXPECT_EQ(User(kUsers, 3), "good");
  EXPECT_EQ(User(kUsers, 12), "");
  EXPECT_EQ(User(kUsers, 0), "");
  EXPECT_EQ(User(kUsers, 5), "") << "4294967301 is not 5";
  EXPECT_EQ(User(kUsers, 4294967295), "");
  EXPECT_EQ(User("", 0), "");
  EXPECT_EQ(User("max:x:4294967295:1", 4294967295), "max");
}

std::string All(StringView text, AccountFile file) {
  std::string all;
  Account account;
  while (TakeAccount(text, file, account)) {
    all.append(account.name.data(), account.name.size());
    all += " " + std::to_string(account.id);
    if (file == AccountFile::kUsers) {
      all += " " + std::to_string(static_cast<int32_t>(account.group));
    } else {
      all += " [" + std::string(account.members.data(), account.members.size()) + "]";
    }
    all += "\n";
  }
  return all;
}

TEST(AccountsTest, TakesOneAfterTheOther) {
  EXPECT_EQ(All("root:x:0:0:root:/root:/bin/sh\nbad\nuser:x:1000:100:a;b:/:\nshort:x:3\nc:x:4:x:",
                AccountFile::kUsers),
            "root 0 0\nuser 1000 100\nshort 3 -1\nc 4 -1\n");
  EXPECT_EQ(All("root;0;0;root;/root;/bin/ion\nuser;1000;1001;user;/home/user;/bin/ion\n",
                AccountFile::kUsers),
            "root 0 0\nuser 1000 1001\n");
  EXPECT_EQ(All("root:x:0:\nwheel:*:10:a,b\nx:x:11", AccountFile::kGroups),
            "root 0 []\nwheel 10 [a,b]\nx 11 []\n");
  EXPECT_EQ(All("root;x;0;root\nsudo;x;1;user,root\n", AccountFile::kGroups),
            "root 0 [root]\nsudo 1 [user,root]\n");
  EXPECT_EQ(All("", AccountFile::kUsers), "");
}

TEST(AccountsTest, Homes) {
  constexpr StringView kHost =
      "root:x:0:0:a;b:/root:/bin/sh\nx\nuser:x:1000:100::/home/user:/bin/sh\nlast::7:1::/last";
  EXPECT_TRUE(AccountHome(kHost, 0) == "/root");
  EXPECT_TRUE(AccountHome(kHost, 1000) == "/home/user");
  EXPECT_TRUE(AccountHome(kHost, 7) == "/last");
  EXPECT_TRUE(AccountHome(kHost, 8).empty());
  constexpr StringView kRedox =
      "root;0;0;root;/root;/bin/ion\nuser;1000;1000;a:b;/home/user;/bin/ion\nshort;7;1\n";
  EXPECT_TRUE(AccountHome(kRedox, 0) == "/root");
  EXPECT_TRUE(AccountHome(kRedox, 1000) == "/home/user");
  EXPECT_TRUE(AccountHome(kRedox, 7).empty()) << "and not what is in the next line";
  EXPECT_TRUE(AccountHome("", 0).empty());
}

TEST(AccountsTest, Members) {
  EXPECT_TRUE(HasMember("a", "a"));
  EXPECT_TRUE(HasMember("a,b,c", "c"));
  EXPECT_TRUE(HasMember("a,,c", "c"));
  EXPECT_FALSE(HasMember("", "a"));
  EXPECT_FALSE(HasMember("ab,ba", "a"));
}

}  // namespace
}  // namespace cation
