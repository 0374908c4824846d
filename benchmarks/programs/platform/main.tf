# One set of the Pulumi program beside this file, for scanners that read Terraform only.

locals {
  tags = {
    owner      = "ml-platform"
    stage      = "prod"
    costCenter = "cc-4211"
  }
  subnets = ["subnet-0a1b2c3d", "subnet-1b2c3d4e"]
}

resource "aws_kms_key" "platform" {
  description             = "encrypts the models"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = local.tags
}

resource "aws_iam_role" "platform" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "eks.amazonaws.com" } }]
  })
  tags = local.tags
}

resource "aws_iam_role_policy" "platform" {
  role = aws_iam_role.platform.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::models/*"] }]
  })
}

resource "aws_s3_bucket" "platform" {
  force_destroy = false
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "platform" {
  bucket                  = aws_s3_bucket.platform.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "platform" {
  bucket = aws_s3_bucket.platform.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "platform" {
  bucket = aws_s3_bucket.platform.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.platform.arn
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "platform" {
  bucket = aws_s3_bucket.platform.id
  rule {
    id     = "tiering"
    status = "Enabled"
    filter {
      prefix = ""
    }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }
}

resource "aws_security_group" "platform" {
  description = "the endpoint"
  vpc_id      = "vpc-0a1b2c3d"
  ingress {
    description = "from inside"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    description = "to inside"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
  tags = local.tags
}

resource "aws_eks_cluster" "platform" {
  name                      = "platform"
  role_arn                  = aws_iam_role.platform.arn
  version                   = "1.33"
  enabled_cluster_log_types = ["api", "audit", "authenticator"]
  vpc_config {
    subnet_ids              = local.subnets
    endpoint_private_access = true
    endpoint_public_access  = false
    security_group_ids      = [aws_security_group.platform.id]
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.platform.arn
    }
  }
  tags = local.tags
}

resource "aws_eks_node_group" "platform" {
  cluster_name   = aws_eks_cluster.platform.name
  node_role_arn  = aws_iam_role.platform.arn
  subnet_ids     = local.subnets
  instance_types = ["g5.xlarge"]
  scaling_config {
    min_size     = 1
    desired_size = 2
    max_size     = 4
  }
  tags = local.tags
}

resource "aws_ecr_repository" "platform" {
  name                 = "platform"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.platform.arn
  }
  tags = local.tags
}

resource "aws_lambda_function" "platform" {
  function_name = "platform"
  role          = aws_iam_role.platform.arn
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scorer@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  memory_size   = 1024
  timeout       = 30
  environment {
    variables = {
      STAGE = "prod"
    }
  }
  tags = local.tags
}

resource "aws_cloudwatch_log_group" "platform" {
  retention_in_days = 365
  kms_key_id        = aws_kms_key.platform.arn
  tags              = local.tags
}

resource "aws_secretsmanager_secret" "platform" {
  description = "the hub's token"
  kms_key_id  = aws_kms_key.platform.arn
  tags        = local.tags
}
